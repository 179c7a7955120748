/** ICMPv6 with Neighbor Discovery and its Mobile IPv6 additions, and the part of ICMPv4 a host meets. */
package careof.engine.wire.icmp;
