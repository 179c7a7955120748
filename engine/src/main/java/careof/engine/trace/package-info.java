/**
 * The spine: inputs, events, their compact store, and projections (what every table held after event n).
 */
package careof.engine.trace;
