package careof.editor;

import careof.editor.command.LabCommand;
import careof.editor.command.LabCommands;
import careof.editor.geometry.Point2;
import careof.editor.model.EditorMode;
import careof.editor.model.LinkState;
import careof.editor.model.Selection;
import careof.engine.lab.Action;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What menus and cards change: in the lab, or while it runs in the run. */
final class LabEdits {
    private final TopologyEditor editor;
    private final Scenery scenery;
    private Consumer<Action> onAction = _ -> {};

    LabEdits(TopologyEditor editor, Scenery scenery) {
        this.editor = editor;
        this.scenery = scenery;
    }

    void setOnAction(Consumer<Action> handler) {
        onAction = handler;
    }

    /** Has the application do something in the run. */
    void act(Action action) {
        onAction.accept(action);
    }

    private boolean running() {
        return editor.modeProperty().get() == EditorMode.RUNNING;
    }

    /** An edit that first writes down where everything stands, so that nothing jumps because of it. */
    private LabCommand pinned(LabCommand command) {
        return new LabCommands.All(command.name(), List.of(new LabCommands.Place("", scenery.base(), Optional.empty()), command));
    }

    /** A link as it is at the time shown. */
    LabLink linkNow(String name) {
        LabLink link = editor.getLab().link(name).orElseThrow();
        LinkState state = running() ? editor.linkStatesProperty().get().get(name) : null;
        return state == null ? link : state.applied(link);
    }

    /** Brings a mobile node to a link, or off its link. */
    void bring(String node, Optional<String> link) {
        LabNode mobile = editor.getLab().node(node).orElseThrow();
        Optional<String> now = editor.linkOf(mobile);
        if (now.equals(link)) {
            return;
        }
        if (running()) {
            act(new Action.Move(node, link));
        } else if (link.isPresent()) {
            Point2 p = editor.geometry().landing(link.get(), node);
            editor.execute(new LabCommands.Attach(node, link.get(), scenery.base().with(Map.of(node, p), Map.of())));
        } else {
            editor.execute(new LabCommands.Detach(node, now.orElseThrow()));
        }
    }

    void setMode(String node, String peer, LabNode.Mode wanted) {
        if (running()) {
            act(new Action.SetMode(node, peer, wanted));
        } else {
            LabNode before = editor.getLab().node(node).orElseThrow();
            var modes = new LinkedHashMap<>(before.modes());
            modes.put(peer, wanted);
            editor.execute(new LabCommands.ChangeNode(before.withModes(modes)));
        }
    }

    void delete(Selection what) {
        editor.execute(pinned(new LabCommands.Remove(what)));
    }

    /** A new name; whether it was given. */
    boolean rename(LabCommand command) {
        return editor.execute(pinned(command));
    }

    void changeNode(LabNode before, LabCommand command) {
        if (running() && command instanceof LabCommands.All all
                && all.commands().size() == 1 && all.commands().getFirst() instanceof LabCommands.ChangeNode change
                && change.node().withModes(before.modes()).equals(before)) {
            // Only modes changed: that is something to do in the run.
            change.node().modes().forEach((peer, m) -> {
                if (before.modes().getOrDefault(peer, LabNode.Mode.BIDIRECTIONAL) != m) {
                    act(new Action.SetMode(before.name(), peer, m));
                }
            });
            return;
        }
        change(command);
    }

    /** An edit that leaves names and places alone. */
    void change(LabCommand command) {
        if (!command.apply(editor.getLab()).equals(editor.getLab())) {
            editor.execute(pinned(command));
        }
    }

    /** @param now the link as it is at the time shown */
    void changeLink(LabLink now, LabLink wish, String name) {
        LabLink lab = editor.getLab().link(now.name()).orElseThrow();
        LabLink edited = wish;
        if (running()) {
            var action = new Action.Link(now.name(), Optional.empty(), Optional.empty(), changed(now.loss(), wish.loss()),
                    changed(now.delay(), wish.delay()), changed(now.rate(), wish.rate()), changed(now.down(), wish.down()));
            if (action.loss().isPresent() || action.delay().isPresent() || action.rate().isPresent() || action.down().isPresent()) {
                act(action);
            }
            edited = wish.withDelay(lab.delay()).withRate(lab.rate()).withLoss(lab.loss()).withDown(lab.down());
        }
        List<LabCommand> edits = new ArrayList<>();
        if (!edited.equals(lab)) {
            edits.add(new LabCommands.ChangeLink(edited));
        }
        if (!name.equals(now.name())) {
            edits.add(new LabCommands.RenameLink(now.name(), name));
        }
        if (!edits.isEmpty()) {
            editor.execute(pinned(new LabCommands.All("Change " + now.name(), edits)));
        }
    }

    private static <T> Optional<T> changed(T from, T to) {
        return from.equals(to) ? Optional.empty() : Optional.of(to);
    }
}
