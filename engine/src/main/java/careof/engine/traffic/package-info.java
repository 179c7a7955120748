/** Streams of numbered datagrams and pings, and what became of them. */
package careof.engine.traffic;
