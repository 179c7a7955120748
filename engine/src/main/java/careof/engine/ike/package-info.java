/**
 * Key management: IKE version 1 (RFC 2409, with RFC 2407, 2408 and 3706) as a daemon of its node. It talks to peers in ISAKMP messages over UDP, and to
 * the security databases through PF_KEY alone.
 */
package careof.engine.ike;
