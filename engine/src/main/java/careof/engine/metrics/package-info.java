/** What a run amounted to, computed from its trace alone: flows, handovers, verdicts on expectations. Read by the command line and the window. */
package careof.engine.metrics;
