package careof.engine.lab;

/** An action at a virtual time, nanoseconds. */
public record TimedAction(long at, Action action) {}
