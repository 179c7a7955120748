/** The workbench: command line and window over the engine. */
package careof.app;
