package careof.app.overlay;

import careof.engine.decode.PacketSummary;

/**
 * A frame that is on its way at the time shown.
 *
 * @param sent     event that put it on its link
 * @param from     sending node
 * @param to       receiving node
 * @param fraction of the way done, 0..1
 */
public record Flight(long sent, String link, String from, String to, double fraction, PacketSummary summary) {}
