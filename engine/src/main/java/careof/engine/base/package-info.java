/** Octets, bounded readers and writers, addresses, prefixes and virtual time: what every other package speaks. */
package careof.engine.base;
