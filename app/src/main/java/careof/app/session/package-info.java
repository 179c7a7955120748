/**
 * The bridge between the window and the simulation: one worker thread owns the run, immutable commands go in, immutable
 * states come out, at most one a frame. No other package of the window knows threads.
 */
package careof.app.session;
