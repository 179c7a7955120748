package careof.engine.metrics;

import careof.engine.base.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * One movement of a mobile node and what followed, up to its next movement. Times are virtual nanoseconds; empty: it did not happen.
 *
 * @param number        of this node's movements, from 1
 * @param from          link that it left; empty: it starts here, away from home
 * @param to            link that it attached to; empty: none
 * @param detach        when it left; of a start the start itself
 * @param carrier       when frames could pass again
 * @param advertisement first router advertisement that arrived
 * @param usable        when it had a care-of address to use, or knew to be at home
 * @param careOf        that address; empty: at home, or none
 * @param homeUpdate    first binding update sent to the home agent
 * @param homeAcknowledgement when it accepted the first acknowledgement of it
 * @param peers         by name
 */
public record Handover(String node, int number, String from, String to, long detach, Optional<Long> carrier, Optional<Long> advertisement,
        Optional<Long> usable, Optional<IpAddress> careOf, Optional<Long> homeUpdate, Optional<Long> homeAcknowledgement, List<Peer> peers) {

    /**
     * What followed with one peer.
     *
     * @param peer      its node's name, or its address where no node has it
     * @param update    first binding update sent to it
     * @param acknowledgement when a binding acknowledgement from it was accepted, if it was asked for one
     * @param firstOut  arrival at the peer of the first packet sent after the node had carrier again
     * @param firstIn   first arrival from the peer
     * @param silentOut longest time over the movement in which a host behind the peer heard nothing of the node, nanoseconds; empty: never for 100 ms
     * @param silentIn  the same of a host behind the node that heard nothing of the peer
     * @param lostOut   packets to the peer that this movement or what followed lost
     * @param lostIn    packets from the peer, likewise; those that were under way to the old link included
     */
    public record Peer(String peer, Optional<Long> homeTestInit, Optional<Long> careOfTestInit, Optional<Long> homeTest, Optional<Long> careOfTest,
            Optional<Long> update, Optional<Long> acknowledgement, Optional<Long> firstOut, Optional<Long> firstIn, Optional<Long> silentOut, Optional<Long> silentIn,
            long lostOut, long lostIn) {}
}
