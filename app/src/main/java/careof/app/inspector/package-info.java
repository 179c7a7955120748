/** One packet: its fields, its octets, and why each node did with it what it did. */
package careof.app.inspector;
