package careof.engine.net;

import careof.engine.base.Octets;

/**
 * An Ethernet frame and what the trace calls it. A receiver learns from the octets only.
 *
 * @param packet      id
 * @param parent      packet that it was made from, 0: none
 * @param significant recorded even in a summary trace
 * @param octets      header and payload, without frame check sequence
 */
public record Frame(long packet, long parent, boolean significant, Octets octets) {}
