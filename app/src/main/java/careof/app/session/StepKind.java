package careof.app.session;

/** How far a step goes. */
public enum StepKind {
    EVENT("event"),
    PACKET("packet"),
    SIGNALLING("signalling message"),
    DROP("drop");

    private final String text;

    StepKind(String text) {
        this.text = text;
    }

    /** One of them, for people. */
    public String text() {
        return text;
    }
}
