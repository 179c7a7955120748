package careof.app.session;

import careof.engine.lab.Action;
import java.util.ArrayList;
import java.util.List;

/** Actions in words. */
public final class Actions {
    private Actions() {}

    /** What is done, for instance "mn to cell-a". */
    public static String text(Action action) {
        return switch (action) {
            case Action.Move m -> m.to().map(to -> m.node() + " to " + to).orElse(m.node() + " off its link");
            case Action.Link l -> {
                List<String> parts = new ArrayList<>();
                l.down().ifPresent(down -> parts.add(down ? "down" : "up"));
                l.loss().ifPresent(loss -> parts.add("loss " + loss));
                l.delay().ifPresent(delay -> parts.add("delay " + careof.engine.base.VirtualTime.format(delay)));
                l.rate().ifPresent(rate -> parts.add("rate " + rate + " bit/s"));
                yield l.name() + " " + String.join(", ", parts);
            }
            case Action.SetMode m -> m.node() + " and " + m.peer() + " " + m.mode().text();
            case Action.Ping p -> "ping from " + p.from() + " to " + p.to();
            case Action.SetPolicy p -> p.node().orElse("every node") + ": " + changes(p);
            case Action.ChangeSas s -> "SAs of " + s.protection() + " at " + s.node() + (s.delete() ? " deleted" : ": another lifetime");
            case Action.Ike i -> i.text();
            case Action.Attack a -> a.node() + ": " + a.attack().text();
        };
    }

    /** "+F -C2". */
    private static String changes(Action.SetPolicy policy) {
        List<String> changes = new ArrayList<>();
        policy.on().forEach(letter -> changes.add("+" + letter));
        policy.off().forEach(letter -> changes.add("-" + letter));
        return String.join(" ", changes);
    }
}
