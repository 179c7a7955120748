/** The deterministic machine's clockwork: virtual time, tasks in order, seeded randomness. */
package careof.engine.sim;
