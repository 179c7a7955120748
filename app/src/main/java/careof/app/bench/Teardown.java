package careof.app.bench;

import java.util.ArrayDeque;
import java.util.Deque;

/** What is to be undone, the last first: when it is closed, or when a signal ends the program before. */
final class Teardown implements AutoCloseable {
    private final Deque<Runnable> steps = new ArrayDeque<>();
    private final Thread hook = new Thread(this::undo, "careof-teardown");

    Teardown() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    synchronized void add(Runnable step) {
        steps.push(step);
    }

    private synchronized void undo() {
        while (!steps.isEmpty()) {
            steps.pop().run();
        }
    }

    @Override
    public void close() {
        undo();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is at work already.
        }
    }
}
