/**
 * Immutable records of what a node's tables hold. The engine works on these very records, the trace carries them old
 * and new, and the window shows them. All times are virtual nanoseconds since the start of the run.
 */
package careof.engine.state;
