package careof.editor.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Prefix;
import careof.engine.base.Progress;
import careof.engine.experiment.Comparison;
import careof.engine.lab.Expectation;
import careof.engine.lab.Lab;
import careof.engine.lab.LabCheck;
import careof.engine.lab.LabComparison;
import careof.engine.lab.LabFiles;
import careof.engine.lab.LabJson;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabProblem;
import careof.engine.lab.LabProtection;
import careof.engine.lab.LabTraffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each sample with an experiment, a comparison or IKE stays whole whatever is renamed, renumbered or removed in it. */
class SamplesFollowTest {
    private static final Path SAMPLES = Path.of("..", "samples");

    static List<Path> samples() throws IOException {
        try (Stream<Path> files = Files.walk(SAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
    }

    private static Lab lab(Path file) {
        try {
            return LabFiles.read(file);
        } catch (Exception e) {
            throw new AssertionError(file.toString(), e);
        }
    }

    private static List<String> errors(Lab lab) {
        return LabCheck.problems(lab).stream().filter(LabProblem::isError).map(LabProblem::toString).toList();
    }

    /** The text without what is said for people. */
    private static String text(Lab lab) {
        return LabJson.write(lab).replaceAll("\"(about|claim|says)\": \"[^\"]*\"", "");
    }

    /** Whether a name stands alone, as a domain name or beside a comparison's sign; in other texts a word may be anything. */
    private static boolean isNamed(String text, String name) {
        String quoted = Pattern.quote(name);
        return Pattern.compile("\"" + quoted + "\"|(?<![A-Za-z0-9._-])" + quoted + "\\.lab|[=~] *" + quoted + "(?![A-Za-z0-9._-])").matcher(text).find();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void eachNodeCanBeRenamedAndBackAgain(Path file) {
        Lab lab = lab(file);
        Set<String> others = Stream.concat(lab.traffic().stream().map(LabTraffic::name), lab.ipsec().stream().map(LabProtection::name)).collect(Collectors.toSet());
        for (LabNode node : lab.nodes()) {
            Lab renamed = References.renameNode(lab, node.name(), "somebody-else");
            assertEquals(List.of(), errors(renamed), file + ": " + node.name());
            assertEquals(lab, References.renameNode(renamed, "somebody-else", node.name()), file + ": " + node.name());
            assertTrue(others.contains(node.name()) || !isNamed(text(renamed), node.name()), () -> file + ": " + node.name() + " is left in\n" + text(renamed));
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void eachLinkCanBeRenamedAndBackAgain(Path file) {
        Lab lab = lab(file);
        for (LabLink link : lab.links()) {
            Lab renamed = References.renameLink(lab, link.name(), "harbour");
            assertEquals(List.of(), errors(renamed), file + ": " + link.name());
            assertEquals(lab, References.renameLink(renamed, "harbour", link.name()), file + ": " + link.name());
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void eachLinkCanBeRenumberedAndBackAgain(Path file) {
        Lab lab = lab(file);
        for (LabLink link : lab.links()) {
            if (link.prefix().isPresent() && link.prefix().get().length() == 64) {
                Lab moved = References.replaceLink(lab, link.withPrefix(Optional.of(Prefix.parse("2001:db8:7777::/64"))));
                assertEquals(List.of(), errors(moved), file + ": " + link.name());
                // What spans several links stays.
                String old = link.prefix().get().address().toString().replaceAll(":$", "");
                assertTrue(!text(moved).replace(old + ":/47", "").contains(old), () -> file + ": " + old + " is left in\n" + text(moved));
                assertEquals(lab, References.replaceLink(moved, link), file + ": " + link.name());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void nothingNamesWhatIsGone(Path file) {
        Lab lab = lab(file);
        for (LabNode node : lab.nodes()) {
            dangling(file + ": " + node.name(), References.remove(lab, Set.of(node.name()), Set.of()));
        }
        for (LabLink link : lab.links()) {
            dangling(file + ": " + link.name(), References.remove(lab, Set.of(), Set.of(link.name())));
        }
    }

    /** A lab without a node it needs may have errors, but none about a name that nothing has. */
    private static void dangling(String what, Lab lab) {
        assertEquals(List.of(), errors(lab).stream().filter(error -> error.matches("(?s).*\\bno (node|link|protection|traffic|stream|flow|measure)[^:]* \".*")).toList(), what);
    }

    @Test
    void aRenamedAndRenumberedComparisonShowsTheSame() throws Exception {
        Lab lab = lab(SAMPLES.resolve("comparisons").resolve("over-the-tunnel.json"));
        Lab changed = References.renameLink(References.renameNode(lab, "mn", "wanderer"), "home", "hearth");
        LabLink hearth = changed.link("hearth").orElseThrow();
        Lab moved = References.replaceLink(changed, hearth.withPrefix(Optional.of(Prefix.parse("2001:db8:7777::/64"))));
        Comparison.Result result = Comparison.run(moved, Progress.NONE);
        assertTrue(result.holds(), () -> result.rows().stream().flatMap(row -> row.failed().stream()).map(verdict -> verdict.expected() + ": " + verdict.seen()).toList().toString());
    }

    @Test
    void aMeasureGoesWithWhatItMeasuresAndTheComparisonWithItsLast() {
        Lab lab = lab(SAMPLES.resolve("comparisons").resolve("correspondents.json"));
        LabComparison before = lab.comparison().orElseThrow();
        // A node that the first variants do without anyway, with what dies with it.
        String gone = before.variants().getFirst().without().stream().filter(name -> lab.node(name).isPresent()).findFirst().orElseThrow();
        Lab without = References.remove(lab, Set.of(gone), Set.of());
        LabComparison after = without.comparison().orElseThrow();
        assertEquals(before.measures().size(), after.measures().size());
        List<String> protections = lab.ipsec().stream().filter(p -> p.first().equals(gone) || p.second().equals(gone)).map(LabProtection::name).toList();
        assertTrue(after.variants().stream().noneMatch(variant -> variant.without().contains(gone) || variant.without().stream().anyMatch(protections::contains)));
        Lab alone = References.remove(lab, Set.of("mn"), Set.of());
        assertTrue(alone.comparison().stream().flatMap(c -> c.measures().stream()).noneMatch(measure -> measure.what() instanceof Expectation.Outage));
    }
}
