/** The list of all frames of a run, however many: rows are read from the trace when they are looked at. */
package careof.app.packets;
