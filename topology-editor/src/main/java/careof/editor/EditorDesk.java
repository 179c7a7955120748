package careof.editor;

import careof.editor.command.LabCommands;
import careof.editor.geometry.Hit;
import careof.editor.geometry.Placement;
import careof.editor.geometry.Point2;
import careof.editor.gesture.Desk;
import careof.editor.model.Addressing;
import careof.editor.model.EditorMode;
import careof.editor.model.Naming;
import careof.editor.model.Selection;
import careof.editor.view.Board;
import careof.editor.view.PaletteItem;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What gestures may do. */
final class EditorDesk implements Desk {
    private final TopologyEditor editor;
    private final Board board;
    private final Scenery scenery;
    private final LabEdits edits;
    private final Floating floating;
    private final Menus menus;

    EditorDesk(TopologyEditor editor, Board board, Scenery scenery, LabEdits edits, Floating floating) {
        this.editor = editor;
        this.board = board;
        this.scenery = scenery;
        this.edits = edits;
        this.floating = floating;
        menus = new Menus(editor, edits);
    }

    @Override
    public Lab lab() {
        return editor.getLab();
    }

    @Override
    public Optional<String> linkOf(LabNode mobile) {
        return editor.linkOf(mobile);
    }

    @Override
    public Selection selection() {
        return editor.selectionProperty().get();
    }

    @Override
    public void select(Selection wanted) {
        editor.selectionProperty().set(wanted);
    }

    @Override
    public void place(String what, Map<String, Point2> nodes, Map<String, Point2> links, Optional<String> mergeKey) {
        var own = new LinkedHashMap<>(nodes);
        // A mobile node away from its place in the lab moves in this run's picture only.
        for (String name : nodes.keySet()) {
            LabNode node = editor.getLab().node(name).orElseThrow();
            if (scenery.isAway(node)) {
                own.remove(name);
                String now = editor.attachmentsProperty().get(name);
                Point2 centre = links.getOrDefault(now, scenery.base().links().get(now));
                if (centre != null) {
                    scenery.park(name, now, nodes.get(name), centre);
                }
            }
        }
        Placement wanted = scenery.base().with(own, links);
        if (wanted.equals(scenery.base()) || !editor.execute(new LabCommands.Place(what, wanted, mergeKey))) {
            editor.refresh(false);
        }
    }

    @Override
    public void moveMobile(String node, String link, Point2 dropped) {
        Point2 p = board.geometry().landing(link, dropped, node);
        if (editor.modeProperty().get() == EditorMode.RUNNING) {
            scenery.park(node, link, p, scenery.base().links().get(link));
            edits.act(new Action.Move(node, Optional.of(link)));
        } else {
            editor.execute(new LabCommands.Attach(node, link, scenery.base().with(Map.of(node, p), Map.of())));
        }
    }

    @Override
    public void connect(String node, String link) {
        LabNode n = editor.getLab().node(node).orElseThrow();
        if (n.role() == LabNode.Role.MOBILE_NODE) {
            if (editor.linkOf(n).equals(Optional.of(link))) {
                say(node + " is on " + link + " already");
            } else {
                moveMobile(node, link, board.geometry().node(node));
            }
        } else if (n.ports().stream().anyMatch(p -> p.link().equals(link))) {
            say(node + " has a port on " + link + " already");
        } else {
            editor.execute(new LabCommands.Attach(node, link, scenery.base()));
        }
    }

    @Override
    public void join(String a, String b) {
        String name = Naming.next(editor.getLab(), LabLink.Kind.WIRED);
        LabLink link = LabLink.of(name, LabLink.Kind.WIRED, Optional.of(Addressing.nextPrefix(editor.getLab())));
        Point2 middle = board.geometry().node(a).towards(board.geometry().node(b), 0.5).snapped(20);
        if (editor.execute(new LabCommands.Join(a, b, link, scenery.base().with(Map.of(), Map.of(name, middle))))) {
            select(Selection.link(name));
        }
    }

    @Override
    public void say(String message) {
        floating.say(message);
    }

    @Override
    public void showMenu(Hit on, Point2 at, double screenX, double screenY) {
        floating.dismiss();
        floating.show(menus.on(on, at), screenX, screenY);
    }

    @Override
    public void rename(Hit what) {
        editor.rename(what);
    }

    @Override
    public void dismiss() {
        floating.dismiss();
    }

    @Override
    public void add(PaletteItem item, Point2 at, boolean free) {
        Point2 p = free ? at : at.snapped(20);
        switch (item) {
            case PaletteItem.OfLink l -> {
                String name = Naming.next(editor.getLab(), l.kind());
                LabLink link = LabLink.of(name, l.kind(), Optional.of(Addressing.nextPrefix(editor.getLab())));
                if (editor.execute(new LabCommands.AddLink(link, scenery.base().with(Map.of(), Map.of(name, p))))) {
                    select(Selection.link(name));
                }
            }
            case PaletteItem.OfNode n -> {
                String name = Naming.next(editor.getLab(), n.role());
                Optional<String> link = board.geometry().linkAround(at, 26);
                Point2 place = link.map(on -> board.geometry().landing(on, p, name)).orElse(p);
                if (editor.execute(new LabCommands.AddNode(LabNode.of(name, n.role()),
                        scenery.base().with(Map.of(name, place), Map.of()), link))) {
                    select(Selection.node(name));
                }
            }
        }
    }
}
