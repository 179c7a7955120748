package careof.app.cli;

import careof.engine.lab.Lab;
import careof.engine.policy.Recommendation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Recommendations to switch on or off.
 *
 * @param node empty: the lab's general list, which holds for nodes without one of their own
 */
record PolicyChanges(String node, List<Change> changes) {
    record Change(boolean on, Recommendation letter) {}

    /** The lab with the changes made to what it says already. */
    Lab apply(Lab lab) throws BadInput {
        SequencedMap<String, List<Recommendation>> nodes = new LinkedHashMap<>(lab.policy().nodes());
        List<Recommendation> general = lab.policy().off();
        if (node.isEmpty()) {
            general = changed(general);
        } else if (lab.node(node).isPresent()) {
            nodes.put(node, changed(nodes.getOrDefault(node, general)));
        } else {
            throw new BadInput("--policy " + node + ": no such node; nodes are " + String.join(", ", lab.nodes().stream().map(n -> n.name()).toList()));
        }
        return lab.withPolicy(new Lab.LabPolicy(general, nodes));
    }

    private List<Recommendation> changed(List<Recommendation> off) {
        List<Recommendation> now = new ArrayList<>(off);
        for (Change change : changes) {
            now.remove(change.letter());
            if (!change.on()) {
                now.add(change.letter());
            }
        }
        return List.copyOf(now);
    }

    /** The recommendation of that name, in capitals or not. */
    static Optional<Recommendation> letter(String name) {
        return Arrays.stream(Recommendation.values()).filter(one -> one.name().equalsIgnoreCase(name)).findFirst();
    }

    /** Reads "+F,-C2" and "cn:-A". */
    static final class Converter implements ITypeConverter<PolicyChanges> {
        @Override
        public PolicyChanges convert(String text) {
            int colon = text.indexOf(':');
            List<Change> changes = new ArrayList<>();
            for (String one : text.substring(colon + 1).split(",", -1)) {
                Optional<Recommendation> letter = one.matches("[+-].*") ? letter(one.substring(1)) : Optional.empty();
                if (letter.isEmpty()) {
                    throw new TypeConversionException("\"" + one + "\" is no change; expected + or - and one of "
                            + String.join(" ", Arrays.stream(Recommendation.values()).map(Enum::name).toList()) + ", such as +F,-C2 or cn:-A");
                }
                changes.add(new Change(one.charAt(0) == '+', letter.get()));
            }
            return new PolicyChanges(colon < 0 ? "" : text.substring(0, colon), changes);
        }
    }
}
