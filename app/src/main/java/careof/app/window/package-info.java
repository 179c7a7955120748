/** The window: its layout, its menus and keys, files, notices. */
package careof.app.window;
