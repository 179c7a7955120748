package careof.editor.model;

import java.util.OptionalDouble;

/**
 * A link as it is at the time shown, where that differs from the lab.
 *
 * @param loss probability 0..1; empty: as in the lab
 */
public record LinkState(boolean down, OptionalDouble loss) {}
