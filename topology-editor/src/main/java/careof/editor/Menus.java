package careof.editor;

import careof.editor.command.LabCommand;
import careof.editor.command.LabCommands;
import careof.editor.geometry.Hit;
import careof.editor.geometry.Point2;
import careof.editor.model.EditorMode;
import careof.editor.model.LinkFacts;
import careof.editor.model.Selection;
import careof.editor.view.AttackCard;
import careof.editor.view.Glyphs;
import careof.editor.view.IkeCard;
import careof.editor.view.PaletteItem;
import careof.editor.view.ProtectionCard;
import careof.engine.lab.Action;
import careof.engine.lab.Action.Ike.Order;
import careof.engine.lab.Attack;
import careof.engine.lab.IkeDefaults;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabProtection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuItem;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.SeparatorMenuItem;
import org.kordamp.ikonli.javafx.FontIcon;

/** What a right click offers. */
final class Menus {
    private static final double[] LOSSES = {0, 0.01, 0.05, 0.1, 0.3, 0.5};

    private final TopologyEditor editor;
    private final LabEdits edits;

    Menus(TopologyEditor editor, LabEdits edits) {
        this.editor = editor;
        this.edits = edits;
    }

    ContextMenu on(Hit hit, Point2 at) {
        var menu = new ContextMenu();
        menu.setId("editor-menu");
        switch (hit) {
            case Hit.Node n -> node(menu, n.name());
            case Hit.Handle h -> node(menu, h.node());
            case Hit.Link l -> link(menu, l.name());
            case Hit.Wire w -> {
                wire(menu, w.node(), w.link());
                menu.getItems().add(new SeparatorMenuItem());
                link(menu, w.link());
            }
            case Hit.Nothing _ -> canvas(menu, at);
        }
        return menu;
    }

    private boolean running() {
        return editor.modeProperty().get() == EditorMode.RUNNING;
    }

    private static MenuItem item(String icon, String text, Runnable action) {
        var item = new MenuItem(text, icon.isEmpty() ? null : new FontIcon(icon));
        item.setOnAction(_ -> action.run());
        return item;
    }

    private static RadioMenuItem radio(String text, boolean chosen, Runnable action) {
        var item = new RadioMenuItem(text);
        item.setSelected(chosen);
        item.setOnAction(_ -> action.run());
        return item;
    }

    /** Something to do in the run, greyed where nothing can be done in it. */
    private <T extends MenuItem> T act(T item) {
        return act(item, false);
    }

    /** @param outside whether it is a node's to do that another machine plays */
    private <T extends MenuItem> T act(T item, boolean outside) {
        editor.whyNoActions().or(() -> outside ? Optional.of("another machine plays it") : Optional.empty()).filter(_ -> running()).ifPresent(why -> {
            item.setText(item.getText() + ": " + why);
            item.setDisable(true);
        });
        return item;
    }

    private void node(ContextMenu menu, String name) {
        LabNode node = editor.getLab().node(name).orElseThrow();
        Selection selection = editor.selectionProperty().get();
        menu.getItems().addAll(item("mdi2t-tune", "Properties…", () -> editor.showProperties(new Hit.Node(name))),
                item("mdi2r-rename-box", "Rename", () -> editor.rename(new Hit.Node(name))), new SeparatorMenuItem());
        if (node.role() == LabNode.Role.MOBILE_NODE) {
            Optional<String> now = editor.linkOf(node);
            var move = new Menu(running() ? "Move to" : "Start on", new FontIcon("mdi2t-transfer-right"));
            for (LabLink link : editor.getLab().links()) {
                move.getItems().add(radio(link.name(), now.equals(Optional.of(link.name())), () -> edits.bring(name, Optional.of(link.name()))));
            }
            move.getItems().addAll(new SeparatorMenuItem(), radio("nowhere", now.isEmpty(), () -> edits.bring(name, Optional.empty())));
            menu.getItems().add(act(move, node.outside()));
            var modes = new Menu("Talks to", new FontIcon("mdi2s-swap-horizontal"));
            for (LabNode peer : editor.getLab().nodes()) {
                if (!peer.name().equals(name) && (peer.role() == LabNode.Role.CORRESPONDENT || peer.role() == LabNode.Role.MOBILE_NODE)) {
                    var of = new Menu(peer.name());
                    for (LabNode.Mode mode : LabNode.Mode.values()) {
                        boolean chosen = node.modes().getOrDefault(peer.name(), LabNode.Mode.BIDIRECTIONAL) == mode;
                        // While running, the lab need not tell what holds now: any choice may be a change.
                        of.getItems().add(running() ? item("", mode.text(), () -> edits.setMode(name, peer.name(), mode))
                                : radio(mode.text(), chosen, () -> edits.setMode(name, peer.name(), mode)));
                    }
                    modes.getItems().add(of);
                }
            }
            if (!modes.getItems().isEmpty()) {
                menu.getItems().add(act(modes, node.outside()));
            }
        }
        var ping = new Menu("Ping", new FontIcon("mdi2s-send"));
        for (LabNode other : editor.getLab().nodes()) {
            if (!other.name().equals(name)) {
                ping.getItems().add(item(Glyphs.icon(other.role()), other.name(), () -> edits.act(new Action.Ping(name, other.name()))));
            }
        }
        if (!ping.getItems().isEmpty()) {
            menu.getItems().add(act(ping, node.outside()));
        }
        List<Attack.Kind> attacks = AttackCard.kinds(editor.getLab(), node);
        if (!attacks.isEmpty()) {
            var attack = new Menu("Attack", new FontIcon(Glyphs.icon(LabNode.Role.ATTACKER)));
            attacks.forEach(kind -> attack.getItems().add(item("", kind.title() + "…", () -> editor.showAttack(name, kind))));
            menu.getItems().add(act(attack, node.outside()));
        }
        security(menu, node);
        List<LabNode.Port> ports = node.ports();
        if (!ports.isEmpty()) {
            var detach = new Menu("Detach from", new FontIcon("mdi2l-link-variant-off"));
            ports.forEach(p -> detach.getItems().add(item("", p.link(), () -> editor.execute(new LabCommands.Detach(name, p.link())))));
            menu.getItems().add(detach);
        }
        menu.getItems().addAll(new SeparatorMenuItem(), delete(selection.nodes().contains(name) ? selection : Selection.node(name)));
    }

    /** Protections and IKE: while a lab runs its IKE is told what to do, else it is edited. */
    private void security(ContextMenu menu, LabNode node) {
        var protections = new Menu("Protection", new FontIcon(ProtectionCard.ICON));
        ProtectionCard.of(editor.getLab(), node.name()).forEach(p ->
                protections.getItems().add(item("", p.name() + "…", () -> editor.showProtection(node.name(), p.name()))));
        var ike = new Menu("IKE", new FontIcon(IkeCard.ICON));
        if (running()) {
            IkeDefaults.ike(editor.getLab(), node.name()).peers().forEach(peer -> ike.getItems().add(orders(node.name(), peer.peer())));
        } else if (node.role() != LabNode.Role.ATTACKER) {
            ike.getItems().addAll(item("", "Settings…", () -> editor.showIke(node.name())), new SeparatorMenuItem());
            IkeCard.candidates(editor.getLab(), node).forEach(peer -> ike.getItems().add(item("", "With " + peer + "…", () -> editor.showIke(node.name(), peer))));
        }
        editor.onCertificate().filter(_ -> IkeDefaults.signs(editor.getLab(), node.name())).ifPresent(view ->
                ike.getItems().addAll(new SeparatorMenuItem(), item("mdi2c-certificate-outline", "Certificate…", () -> view.accept(node.name()))));
        List.of(protections, ike).stream().filter(one -> !one.getItems().isEmpty()).forEach(menu.getItems()::add);
    }

    /** What a node's IKE can be told to do with a peer. */
    private Menu orders(String node, String peer) {
        var of = new Menu("With " + peer);
        List<LabProtection> keyed = ProtectionCard.of(editor.getLab(), node).stream()
                .filter(p -> p.isKeyedByIke() && (p.first().equals(peer) || p.second().equals(peer))).toList();
        for (Order order : Order.values()) {
            if (order.isOfProtection()) {
                keyed.forEach(p -> of.getItems().add(order(node, peer, order, Optional.of(p.name()))));
            } else {
                of.getItems().add(order(node, peer, order, Optional.empty()));
            }
        }
        return of;
    }

    private MenuItem order(String node, String peer, Order order, Optional<String> protection) {
        String words = switch (order) {
            case START -> "Make SAs of ";
            case REKEY -> "Rekey SAs of ";
            case DELETE -> "Delete SAs of ";
            case REKEY_PHASE_ONE -> "New phase one";
            case DELETE_PHASE_ONE -> "Delete phase one";
            case PROBE -> "Ask whether it is there";
        };
        Action.Ike action = new Action.Ike(node, peer, order, protection, Optional.empty(), Optional.empty(), Optional.empty());
        Optional<String> why = editor.whyNot(action);
        MenuItem item = item("", words + protection.orElse("") + why.map(reason -> ": " + reason).orElse(""), () -> edits.act(action));
        item.setMnemonicParsing(false);
        item.setDisable(why.isPresent());
        return item;
    }

    private MenuItem delete(Selection what) {
        return item("mdi2d-delete-outline", what.size() > 1 ? "Delete " + what.size() + " things" : "Delete",
                () -> edits.delete(what));
    }

    private void link(ContextMenu menu, String name) {
        Selection selection = editor.selectionProperty().get();
        // A menu over one of several selected links changes them all.
        List<String> names = selection.links().contains(name) ? List.copyOf(selection.links()) : List.of(name);
        LabLink now = edits.linkNow(name);
        if (names.size() == 1) {
            menu.getItems().addAll(item("mdi2t-tune", "Properties…", () -> editor.showProperties(new Hit.Link(name))),
                    item("mdi2r-rename-box", "Rename", () -> editor.rename(new Hit.Link(name))), new SeparatorMenuItem());
        }
        String these = names.size() == 1 ? "" : " " + names.size() + " links";
        menu.getItems().add(act(now.down()
                ? item("mdi2l-lan-connect", "Bring" + these + " up", () -> change(names, "up", Change.down(false)))
                : item("mdi2l-lan-disconnect", "Take" + these + " down", () -> change(names, "down", Change.down(true)))));
        var loss = new Menu("Loss" + (these.isEmpty() ? "" : " of" + these), new FontIcon("mdi2w-water-percent"));
        for (double p : LOSSES) {
            loss.getItems().add(radio(LinkFacts.percent(p), now.loss() == p, () -> change(names, "loss " + LinkFacts.percent(p), Change.loss(p))));
        }
        var delay = new Menu("Delay" + (these.isEmpty() ? "" : " of" + these), new FontIcon("mdi2t-timer-outline"));
        for (long ms : new long[] {1, 2, 5, 10, 50, 100, 300}) {
            delay.getItems().add(radio(ms + "ms", now.delay() == ms * 1_000_000, () -> change(names, "delay " + ms + "ms", Change.delay(ms * 1_000_000))));
        }
        menu.getItems().addAll(act(loss), act(delay), new SeparatorMenuItem(),
                delete(selection.links().contains(name) ? selection : Selection.link(name)));
    }

    /** A change of a link, as an edit of the lab and as an action in a run. */
    private record Change(UnaryOperator<LabLink> edit, Optional<Double> loss, Optional<Long> delay, Optional<Boolean> down) {
        static Change down(boolean down) {
            return new Change(l -> l.withDown(down), Optional.empty(), Optional.empty(), Optional.of(down));
        }

        static Change loss(double loss) {
            return new Change(l -> l.withLoss(loss), Optional.of(loss), Optional.empty(), Optional.empty());
        }

        static Change delay(long delay) {
            return new Change(l -> l.withDelay(delay), Optional.empty(), Optional.of(delay), Optional.empty());
        }
    }

    private void change(List<String> names, String what, Change change) {
        if (running()) {
            names.forEach(n -> edits.act(new Action.Link(n, Optional.empty(), Optional.empty(), change.loss, change.delay, Optional.empty(), change.down)));
        } else {
            List<LabCommand> edits = new ArrayList<>();
            names.forEach(n -> edits.add(new LabCommands.ChangeLink(change.edit.apply(editor.getLab().link(n).orElseThrow()))));
            editor.execute(new LabCommands.All((names.size() == 1 ? names.getFirst() : names.size() + " links") + " " + what, edits));
        }
    }

    private void wire(ContextMenu menu, String node, String link) {
        boolean mobile = editor.getLab().node(node).orElseThrow().role() == LabNode.Role.MOBILE_NODE;
        menu.getItems().add(item("mdi2l-link-variant-off", "Detach " + node + " from " + link, () -> {
            if (mobile) {
                edits.bring(node, Optional.empty());
            } else {
                editor.execute(new LabCommands.Detach(node, link));
            }
        }));
        if (running()) {
            var one = new Menu("One direction", new FontIcon("mdi2s-swap-vertical"));
            one.getItems().addAll(
                    item("", "Stop what " + node + " sends", () -> oneWay(link, Optional.of(node), Optional.empty(), true)),
                    item("", "Let " + node + " send", () -> oneWay(link, Optional.of(node), Optional.empty(), false)),
                    item("", "Stop what reaches " + node, () -> oneWay(link, Optional.empty(), Optional.of(node), true)),
                    item("", "Let it reach " + node, () -> oneWay(link, Optional.empty(), Optional.of(node), false)));
            menu.getItems().add(act(one));
        }
    }

    private void oneWay(String link, Optional<String> from, Optional<String> to, boolean down) {
        edits.act(new Action.Link(link, from, to, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(down)));
    }

    private void canvas(ContextMenu menu, Point2 at) {
        var add = new Menu("Add", new FontIcon("mdi2p-plus"));
        for (LabNode.Role role : LabNode.Role.values()) {
            add.getItems().add(item(Glyphs.icon(role), Glyphs.words(role), () -> editor.add(new PaletteItem.OfNode(role), at)));
        }
        add.getItems().add(new SeparatorMenuItem());
        for (LabLink.Kind kind : LabLink.Kind.values()) {
            add.getItems().add(item(Glyphs.icon(kind), Glyphs.words(kind), () -> editor.add(new PaletteItem.OfLink(kind), at)));
        }
        MenuItem undo = item("mdi2u-undo", "Undo " + editor.history().undoNameProperty().get(), editor::askUndo);
        undo.setDisable(!running() && !editor.history().canUndoProperty().get());
        MenuItem redo = item("mdi2r-redo", "Redo " + editor.history().redoNameProperty().get(), editor::askRedo);
        redo.setDisable(!running() && !editor.history().canRedoProperty().get());
        menu.getItems().addAll(add, new SeparatorMenuItem(), undo, redo, new SeparatorMenuItem(),
                item("mdi2s-select-all", "Select all", () -> editor.selectionProperty().set(Selection.all(editor.getLab()))),
                item("mdi2a-auto-fix", "Arrange everything", editor::arrange),
                item("mdi2f-fit-to-page-outline", "Show everything", editor::fit));
    }
}
