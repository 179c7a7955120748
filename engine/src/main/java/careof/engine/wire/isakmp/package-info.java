/**
 * ISAKMP messages as IKE version 1 has them (RFC 2408, with the numbers of RFC 2407 and RFC 2409, dead peer detection of RFC 3706, NAT traversal
 * of RFC 3947, and the fragments that Cisco and strongSwan send).
 *
 * <p>What parses is written again octet for octet: whatever a receiver would have to ignore, reserved fields first, is malformed here
 * (RFC 2408 section 5.3). A {@link careof.engine.wire.isakmp.PayloadChain} keeps the octets of each payload as they came, since the hashes of IKE cover these.
 */
package careof.engine.wire.isakmp;
