/** Ethernet, IPv6 with its extension headers, IPv4, ARP, UDP and TCP. */
package careof.engine.wire.ip;
