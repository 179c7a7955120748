package careof.engine.lab;

/** What stands in the identities of phase two, which say what an SA is for (RFC 2407 section 4.6.2, recommendations L1 and M). */
public sealed interface LabChildIdentity {
    /** What a node usually does. */
    enum Usual implements LabChildIdentity {
        /** The addresses, protocol and ports of the policy that asks for the SA. */
        ADDRESSES("addresses"),
        /** No identities are sent; then the addresses that transport IKE are meant. */
        NONE("none");

        private final String text;

        Usual(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /** A name in the place of addresses. */
    record Named(LabIdentity identity) implements LabChildIdentity {
        @Override
        public String text() {
            return identity.text();
        }
    }

    /** Other addresses than those of the policy. */
    record Within(LabSelector.Range range) implements LabChildIdentity {
        @Override
        public String text() {
            return range.toString();
        }
    }

    /** Reads what {@link #text} writes; an {@code IllegalArgumentException} says what is wrong. */
    static LabChildIdentity parse(String text) {
        for (Usual usual : Usual.values()) {
            if (usual.text.equals(text)) {
                return usual;
            }
        }
        if (text.matches("[0-9a-fA-F.]*[:.][0-9a-fA-F:.]*([-/].*)?")) {
            return new Within(LabSelector.Range.parse(text));
        }
        return new Named(LabIdentity.parse(text));
    }

    /** As it stands in lab files. */
    String text();
}
