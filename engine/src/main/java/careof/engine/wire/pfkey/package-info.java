/**
 * PF_KEY version 2 (RFC 2367) with the extensions of KAME and Linux for policies, tunnels and MIGRATE, octet for octet as a Linux
 * kernel on a little-endian machine of 64 bits has them (Linux headers {@code pfkeyv2.h} and {@code ipsec.h}).
 *
 * <p>A PF_KEY message never leaves its machine, so numbers are in host byte order: here always little-endian, on every machine.
 * What comes from packets stays in network order: SPIs, ports and addresses. Lengths count units of 8 octets, but for the length of an
 * IPsec request within a policy, which counts octets.
 */
package careof.engine.wire.pfkey;
