/**
 * The lab file: immutable records of a drawing, its traffic, timed actions and expectations; reading, writing, checking.
 * Times are virtual nanoseconds, rates bits per second, loss a probability 0..1.
 */
package careof.engine.lab;
