/**
 * Mobile IPv6 (RFC 6275): what a correspondent, a home agent and a mobile node decide. {@link careof.engine.mobility.MobilityRoles}
 * is the first to read: it says who of them is asked for what.
 */
package careof.engine.mobility;
