package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.stack.IpStack;

/** A correspondent's part (RFC 6275 section 9). */
public final class CorrespondentNode {
    public CorrespondentNode(IpStack stack) {}

    /** Triangular routing: packets to this mobile node go through its home agent, whatever binding is held. */
    public void answerThroughHome(Ip6Address home) {}

    /** Ends {@link #answerThroughHome}. */
    public void answerDirectly(Ip6Address home) {}
}
