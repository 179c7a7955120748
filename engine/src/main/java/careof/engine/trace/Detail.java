package careof.engine.trace;

/** How much a run writes to its trace. */
public enum Detail {
    /** Everything: each frame with its octets, each decision. */
    FULL,
    /** State, drops and signalling; data packets only as counts of their flows. */
    SUMMARY
}
