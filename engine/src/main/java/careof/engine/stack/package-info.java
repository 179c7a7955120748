/**
 * A node's IPv6: ports, Neighbor Discovery, addresses, routes, input and output, ICMPv6, fragments, path MTU. It never
 * sees the lab nor another node.
 */
package careof.engine.stack;
