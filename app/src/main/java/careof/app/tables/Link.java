package careof.app.tables;

/** Words in a row that lead to something else when they are clicked. */
public sealed interface Link {
    /** The words. */
    String text();

    /**
     * To a row of a node's tables.
     *
     * @param entry "kind key" as in the trace
     */
    record Row(String text, String node, String entry) implements Link {}

    /**
     * To the messages of an exchange of IKE.
     *
     * @param node      that took part
     * @param ikeSa     id of its phase one, which may be gone
     * @param messageId 0: those of phase one itself
     */
    record Messages(String text, String node, int ikeSa, long messageId) implements Link {}

    /**
     * To the certificate that an end of a phase one showed.
     *
     * @param node  that took part
     * @param ikeSa id of its phase one
     * @param own   that node's own; else its peer's
     */
    record Certificate(String text, String node, int ikeSa, boolean own) implements Link {}
}
