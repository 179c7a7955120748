package careof.engine.stack;

import careof.engine.base.Octets;

/**
 * An IP packet within a node and what the trace calls it.
 *
 * @param id          in the trace
 * @param parent      packet that it was made from, 0: none
 * @param significant recorded even in a summary trace
 * @param octets      the whole IP packet
 */
public record Packet(long id, long parent, boolean significant, Octets octets) {}
