package careof.editor.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.editor.Labs;
import careof.editor.geometry.AutoLayout;
import careof.editor.geometry.Placement;
import careof.editor.geometry.Point2;
import careof.editor.model.Addressing;
import careof.editor.model.Naming;
import careof.editor.model.Selection;
import careof.engine.base.Prefix;
import careof.engine.lab.Action;
import careof.engine.lab.Expectation;
import careof.engine.lab.Lab;
import careof.engine.lab.LabCheck;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Edits and their history: undone they leave no trace, names and references stay whole. */
public class CommandTest {
    /** Any edit that the canvas could make of this lab. */
    public static LabCommand random(Random random, Lab lab) {
        Placement placement = AutoLayout.place(lab, Placement.EMPTY);
        Point2 p = new Point2(random.nextInt(800), random.nextInt(600));
        List<LabNode> nodes = lab.nodes();
        List<LabLink> links = lab.links();
        int kind = nodes.isEmpty() || links.isEmpty() ? random.nextInt(2) : random.nextInt(11);
        return switch (kind) {
            case 0 -> {
                LabNode.Role role = LabNode.Role.values()[random.nextInt(LabNode.Role.values().length)];
                String name = Naming.next(lab, role);
                Optional<String> link = links.isEmpty() || random.nextBoolean() ? Optional.empty() : Optional.of(one(random, links).name());
                yield new LabCommands.AddNode(LabNode.of(name, role), placement.with(Map.of(name, p), Map.of()), link);
            }
            case 1 -> {
                LabLink.Kind linkKind = LabLink.Kind.values()[random.nextInt(2)];
                String name = Naming.next(lab, linkKind);
                yield new LabCommands.AddLink(LabLink.of(name, linkKind, Optional.of(Addressing.nextPrefix(lab))), placement.with(Map.of(), Map.of(name, p)));
            }
            case 2 -> new LabCommands.Attach(one(random, nodes).name(), one(random, links).name(), placement);
            case 3 -> new LabCommands.Detach(one(random, nodes).name(), one(random, links).name());
            case 4 -> {
                String name = Naming.next(lab, LabLink.Kind.WIRED);
                yield new LabCommands.Join(one(random, nodes).name(), one(random, nodes).name(),
                        LabLink.of(name, LabLink.Kind.WIRED, Optional.of(Addressing.nextPrefix(lab))), placement.with(Map.of(), Map.of(name, p)));
            }
            case 5 -> new LabCommands.Remove(Selection.node(one(random, nodes).name()));
            case 6 -> new LabCommands.Remove(Selection.of(List.of(one(random, nodes).name()), List.of(one(random, links).name())));
            case 7 -> new LabCommands.RenameNode(one(random, nodes).name(), "n" + random.nextInt(1_000_000));
            case 8 -> new LabCommands.RenameLink(one(random, links).name(), "l" + random.nextInt(1_000_000));
            case 9 -> {
                LabLink l = one(random, links);
                yield new LabCommands.ChangeLink(l.withPrefix(Optional.of(Addressing.nextPrefix(lab))).withDelay(random.nextInt(1000) * 1000L)
                        .withRate(0).withLoss(0.5).withDown(random.nextBoolean()));
            }
            default -> new LabCommands.Place("Move", placement.with(Map.of(one(random, nodes).name(), p), Map.of()),
                    random.nextBoolean() ? Optional.empty() : Optional.of("nudge"));
        };
    }

    private static <T> T one(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void undoTakesEveryEditBackAndRedoDoesItAgain(long seed) {
        var random = new Random(seed);
        var history = new History();
        history.labProperty().set(Labs.handover());
        // The lab after each step of the history; merged commands are one step.
        List<Lab> states = new ArrayList<>(List.of(history.labProperty().get()));
        for (int i = 0; i < 120; i++) {
            LabCommand command = random(random, history.labProperty().get());
            Lab before = history.labProperty().get();
            Optional<String> last = history.nextUndo().flatMap(LabCommand::mergeKey);
            if (history.execute(command)) {
                if (command.mergeKey().isPresent() && last.equals(command.mergeKey())) {
                    states.removeLast();
                }
                states.add(history.labProperty().get());
            } else {
                assertEquals(before, history.labProperty().get());
            }
        }
        for (int i = states.size() - 1; i > 0; i--) {
            assertEquals(states.get(i), history.labProperty().get());
            assertTrue(history.undo());
        }
        assertEquals(states.getFirst(), history.labProperty().get());
        assertFalse(history.undo());
        for (int i = 1; i < states.size(); i++) {
            assertTrue(history.redo());
            assertEquals(states.get(i), history.labProperty().get());
        }
        assertFalse(history.redo());
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void whatTheCanvasDrawsCanRun(long seed) {
        var random = new Random(seed);
        Lab lab = Lab.empty("drawn");
        for (int i = 0; i < 60; i++) {
            lab = random(random, lab).apply(lab);
        }
        // A mobile node without a home is the one thing that the user must still decide, and a home agent that moved off its home link.
        for (LabProblem p : LabCheck.problems(lab)) {
            assertTrue(!p.isError() || p.message().contains("needs a home") || p.message().contains("has no port on the home link"),
                    () -> "seed " + seed + ": " + p);
        }
    }

    @Test
    void removingANodeRemovesAllThatNamesIt() {
        Lab lab = new LabCommands.Remove(Selection.node("cn")).apply(Labs.handover());
        assertTrue(lab.traffic().isEmpty());
        assertTrue(lab.node("mn").orElseThrow().modes().isEmpty());
        assertTrue(lab.policy().nodes().isEmpty());
        assertEquals(List.of(Action.Move.class, Action.Move.class, Action.Link.class),
                lab.actions().stream().map(a -> (Class<?>) a.action().getClass()).toList());
        assertEquals(List.of(Expectation.Messages.class), lab.expect().stream().map(e -> (Class<?>) e.getClass()).toList());
    }

    @Test
    void removingTheHomeLinkLeavesTheMobileNodeWithoutAHome() {
        Lab lab = new LabCommands.Remove(Selection.link("home")).apply(Labs.handover());
        LabNode mn = lab.node("mn").orElseThrow();
        assertEquals(Optional.empty(), mn.at());
        assertEquals(Optional.empty(), mn.home());
        assertEquals(List.of("backbone"), lab.node("ha").orElseThrow().ports().stream().map(LabNode.Port::link).toList());
        assertTrue(lab.expect().stream().noneMatch(e -> e instanceof Expectation.BindingHeld));
    }

    @Test
    void removingALinkRemovesItsActionsAndTheExpectationsOfItsPrefix() {
        Lab lab = new LabCommands.Remove(Selection.link("cell-b")).apply(Labs.handover());
        assertTrue(lab.actions().stream().noneMatch(a -> a.action() instanceof Action.Link || a.action().equals(new Action.Move("mn", Optional.of("cell-b")))));
        assertTrue(lab.expect().stream().noneMatch(e -> e instanceof Expectation.BindingHeld));
    }

    @Test
    void aNodeIsRenamedEverywhereAlsoWhereAFlowsDirectionNamesIt() {
        Lab lab = new LabCommands.RenameNode("mn", "mobile-1").apply(Labs.handover());
        assertEquals(Optional.of("cn-mobile-1"), lab.expect().stream().filter(e -> e instanceof Expectation.Flow)
                .map(e -> ((Expectation.Flow) e).direction()).findFirst().orElseThrow());
        assertEquals(Labs.handover(), new LabCommands.RenameNode("mobile-1", "mn").apply(lab), "renamed back, all is as before");
    }

    @Test
    void aLinkIsRenamedEverywhere() {
        Lab lab = new LabCommands.RenameLink("home", "office").apply(Labs.handover());
        assertEquals("office", lab.node("mn").orElseThrow().home().orElseThrow().link());
        assertEquals(Labs.handover(), new LabCommands.RenameLink("office", "home").apply(lab));
    }

    @Test
    void addressesFollowANewPrefix() {
        LabLink home = Labs.handover().link("home").orElseThrow();
        Lab lab = new LabCommands.ChangeLink(home.withPrefix(Optional.of(Prefix.parse("2001:db8:77::/64")))).apply(Labs.handover());
        assertEquals("2001:db8:77::10", lab.node("mn").orElseThrow().home().orElseThrow().address().toString());
        assertEquals("2001:db8:77::1", lab.node("ha").orElseThrow().ports().getFirst().address().orElseThrow().toString());
        assertEquals("2001:db8:77::10", ((Expectation.BindingHeld) lab.expect().getFirst()).home().toString());
        assertTrue(LabCheck.problems(lab).stream().noneMatch(LabProblem::isError), () -> LabCheck.problems(lab).toString());
    }

    @Test
    void aHomeAgentDrawnAfterTheMobileNodeGivesItAHome() {
        Lab lab = Lab.empty("late");
        lab = new LabCommands.AddLink(LabLink.of("home", LabLink.Kind.WIRED, Optional.of(Addressing.nextPrefix(lab))), Placement.EMPTY).apply(lab);
        lab = new LabCommands.AddNode(LabNode.of("mn", LabNode.Role.MOBILE_NODE), Placement.EMPTY, Optional.of("home")).apply(lab);
        assertEquals(Optional.empty(), lab.node("mn").orElseThrow().home());
        lab = new LabCommands.AddNode(LabNode.of("ha", LabNode.Role.HOME_AGENT), Placement.EMPTY, Optional.of("home")).apply(lab);
        LabNode.Home home = lab.node("mn").orElseThrow().home().orElseThrow();
        assertEquals("home", home.link());
        assertEquals("2001:db8:1::10", home.address().toString());
        assertEquals(Optional.of("ha"), home.agent());
    }

    @Test
    void settingTheLabBeginsANewHistoryAndOldStepsAreForgottenInTime() {
        var history = new History();
        for (int i = 0; i < History.DEPTH + 10; i++) {
            int n = i;
            history.execute(new LabCommands.Edit("Seed", lab -> lab.withSeed(n + 100)));
        }
        int undone = 0;
        while (history.undo()) {
            undone++;
        }
        assertEquals(History.DEPTH, undone);
        history.labProperty().set(Labs.handover());
        assertFalse(history.canUndoProperty().get() || history.canRedoProperty().get());
        assertEquals("", history.undoNameProperty().get());
    }
}
