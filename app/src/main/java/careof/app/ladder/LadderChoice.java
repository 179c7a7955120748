package careof.app.ladder;

import careof.engine.decode.PacketSummary.Kind;

/** Which messages the ladder shows. */
enum LadderChoice {
    ALL("All"),
    MOBILITY("Mobility"),
    IKE("IKE"),
    /** Those that are marked: of one exchange. */
    EXCHANGE("Exchange");

    private final String text;

    LadderChoice(String text) {
        this.text = text;
    }

    /** As the user chooses it. */
    @Override
    public String toString() {
        return text;
    }

    /** What stands there while there are none. */
    String none() {
        return switch (this) {
            case ALL, MOBILITY -> "No signalling yet: let the mobile node move.";
            case IKE -> "No message of IKE yet.";
            case EXCHANGE -> "Select a phase one, an exchange or an SA pair in the tables: its messages show here.";
        };
    }

    /** @param marked whether the message is of the exchange that is marked */
    boolean shows(Kind kind, boolean marked) {
        return switch (this) {
            case ALL -> true;
            case MOBILITY -> kind == Kind.MOBILITY;
            case IKE -> kind == Kind.IKE;
            case EXCHANGE -> marked;
        };
    }
}
