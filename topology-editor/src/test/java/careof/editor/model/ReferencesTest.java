package careof.editor.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.editor.Labs;
import careof.editor.command.CommandTest;
import careof.editor.command.LabCommand;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferencesTest {
    private static Set<String> nodeNames(Lab lab) {
        Set<String> names = new TreeSet<>();
        References.rewrite(lab, name -> {
            names.add(name);
            return name;
        }, name -> name);
        return names;
    }

    private static Set<String> linkNames(Lab lab) {
        Set<String> names = new TreeSet<>();
        References.rewrite(lab, name -> name, name -> {
            names.add(name);
            return name;
        });
        return names;
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void noEditLeavesANameThatNothingHas(long seed) {
        var random = new Random(seed);
        Lab lab = Labs.handover();
        for (int i = 0; i < 150; i++) {
            LabCommand command = CommandTest.random(random, lab);
            lab = command.apply(lab);
            List<String> nodes = lab.nodes().stream().map(LabNode::name).toList();
            List<String> links = lab.links().stream().map(LabLink::name).toList();
            String when = "seed " + seed + ", step " + i + ": " + command.name();
            assertTrue(nodes.containsAll(nodeNames(lab)), () -> when);
            assertTrue(links.containsAll(linkNames(lab)), () -> when);
            assertEquals(nodes.size(), nodes.stream().distinct().count(), when);
            assertEquals(links.size(), links.stream().distinct().count(), when);
        }
    }

    @Test
    void aNameInTheTextOfALabIsOneThatIsRenamed() {
        // Whatever the file names must be reached: its text knows of no field that the code forgot.
        Lab lab = References.renameLink(References.renameNode(Labs.handover(), "mn", "wanderer"), "cell-b", "harbour");
        String text = careof.engine.lab.LabJson.write(lab);
        assertTrue(!text.contains("\"mn\"") && !text.contains("-mn\"") && !text.contains("cell-b"), text);
        assertTrue(text.contains("\"cn-wanderer\"") && text.contains("harbour"), text);
    }
}
