package careof.app.policy;

import careof.app.policy.Switch.Position;
import careof.app.session.SessionState;
import careof.editor.command.LabCommand;
import careof.editor.command.LabCommands;
import careof.engine.lab.Lab;
import careof.engine.lab.LabNode;
import careof.engine.policy.Recommendation;
import careof.engine.state.Switches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/** How the switches stand at a moment of a run, and what a press of one means: pure functions. */
public final class Switchboard {
    private Switchboard() {}

    /**
     * All 21, in the draft's order.
     *
     * @param node whose switches; empty: those of all nodes together
     */
    public static List<Switch> of(SessionState state, Optional<String> node) {
        Lab lab = state.lab();
        SequencedMap<String, Set<Recommendation>> off = new LinkedHashMap<>();
        lab.nodes().stream().filter(n -> node.equals(Optional.of(n.name())) || concerns(lab, n)).forEach(n -> off.put(n.name(), off(state, n.name())));
        List<Switch> all = new ArrayList<>();
        for (Recommendation letter : Recommendation.values()) {
            List<String> where = off.keySet().stream().filter(n -> off.get(n).contains(letter)).toList();
            List<String> elsewhere = off.keySet().stream().filter(n -> !where.contains(n)).toList();
            if (node.isPresent() && off.containsKey(node.get())) {
                boolean on = !where.contains(node.get());
                all.add(new Switch(letter, on ? Position.ON : Position.OFF, on ? where : elsewhere));
            } else if (off.isEmpty()) {
                all.add(new Switch(letter, lab.policy().off().contains(letter) ? Position.OFF : Position.ON, List.of()));
            } else {
                boolean mixed = !where.isEmpty() && !elsewhere.isEmpty();
                all.add(new Switch(letter, mixed ? Position.MIXED : where.isEmpty() ? Position.ON : Position.OFF, mixed ? where : List.of()));
            }
        }
        return all;
    }

    /** What a node does not follow at the cursor: as its row says, before that as the lab does. */
    private static Set<Recommendation> off(SessionState state, String node) {
        Set<Recommendation> off = new TreeSet<>();
        var rows = state.tables().rows(node, Switches.class);
        if (rows.isEmpty() || state.atStart()) {
            off.addAll(state.lab().policyOf(node).off());
        } else {
            Arrays.stream(rows.getFirst().state().off().split(" ")).filter(s -> !s.isEmpty()).forEach(s -> off.add(Recommendation.valueOf(s)));
        }
        return off;
    }

    /**
     * The edit of a lab that presses a switch.
     *
     * @param node only there; empty: everywhere, so that no node differs any more
     */
    public static LabCommand edit(Optional<String> node, Recommendation letter, boolean on) {
        String what = (on ? "Switch on " : "Switch off ") + letter + node.map(n -> " at " + n).orElse("");
        return new LabCommands.Edit(what, lab -> lab.withPolicy(changed(lab, node, letter, on)));
    }

    private static Lab.LabPolicy changed(Lab lab, Optional<String> node, Recommendation letter, boolean on) {
        List<Recommendation> general = lab.policy().off();
        SequencedMap<String, List<Recommendation>> nodes = new LinkedHashMap<>(lab.policy().nodes());
        if (node.isPresent()) {
            nodes.put(node.get(), changed(nodes.getOrDefault(node.get(), general), letter, on));
        } else {
            general = changed(general, letter, on);
            nodes.replaceAll((_, own) -> changed(own, letter, on));
        }
        // A node that agrees with the lab needs no list of its own.
        Set<Recommendation> agreed = new TreeSet<>(general);
        nodes.values().removeIf(own -> new TreeSet<>(own).equals(agreed));
        return new Lab.LabPolicy(general, nodes);
    }

    private static List<Recommendation> changed(List<Recommendation> off, Recommendation letter, boolean on) {
        Set<Recommendation> now = new TreeSet<>(off);
        if (on) {
            now.remove(letter);
        } else {
            now.add(letter);
        }
        return List.copyOf(now);
    }

    /** Whether a node has anything to do with recommendations: routers and hosts only when they are given lists of their own. */
    static boolean concerns(Lab lab, LabNode node) {
        return lab.policy().nodes().containsKey(node.name()) || switch (node.role()) {
            case MOBILE_NODE, HOME_AGENT, CORRESPONDENT -> true;
            case ROUTER, HOST, ATTACKER -> false;
        };
    }
}
