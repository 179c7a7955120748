package careof.app.overlay;

/**
 * A packet that has just ended.
 *
 * @param node  where; empty: on the link
 * @param from  of a loss on a link: the node that sent it
 * @param words why
 * @param since wall-free age: virtual nanoseconds since it happened
 */
public record Drop(long event, String node, String link, String from, String words, long since) {}
