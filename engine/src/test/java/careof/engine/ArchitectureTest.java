package careof.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The walls between the engine's packages, and what keeps a run the same on every machine. */
class ArchitectureTest {

    /** Each layer imports only from those before it. */
    static final List<String> LAYERS = List.of("base", "policy", "sim", "wire", "crypto", "pki", "lab", "state", "trace", "query",
            "capture", "net", "stack", "ipsec", "ike", "mobility", "decode", "traffic", "attack", "node", "metrics", "run",
            "experiment", "live");

    static final JavaClasses ENGINE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("careof.engine");

    private static final String PURE = "careof.engine..";
    private static final String LIVE = "careof.engine.live..";

    @Test
    void everyPackageHasItsLayer() {
        var known = new TreeSet<>(LAYERS);
        var unknown = new TreeSet<String>();
        for (var c : ENGINE) {
            var layer = layerOf(c);
            if (!known.contains(layer)) unknown.add(c.getName());
        }
        assertTrue(unknown.isEmpty(), "classes outside the layers of the design: " + unknown);
    }

    @TestFactory
    List<DynamicTest> eachLayerImportsOnlyThoseAbove() {
        return LAYERS.stream().map(layer -> DynamicTest.dynamicTest(layer, () -> layer(layer).check(ENGINE))).toList();
    }

    private static ArchRule layer(String layer) {
        var below = LAYERS.subList(LAYERS.indexOf(layer) + 1, LAYERS.size()).stream()
                .map(l -> "careof.engine." + l + "..").toArray(String[]::new);
        if (below.length == 0) below = new String[] {"careof.editor.."};
        return noClasses().that().resideInAPackage("careof.engine." + layer + "..")
                .should().dependOnClassesThat().resideInAnyPackage(below)
                .allowEmptyShould(true);
    }

    @Test
    void nodesNeverSeeTheLab() {
        noClasses().that().resideInAnyPackage("careof.engine.stack..", "careof.engine.ipsec..", "careof.engine.ike..",
                        "careof.engine.mobility..")
                .should().dependOnClassesThat().resideInAPackage("careof.engine.lab..")
                .because("a node learns only from octets at its ports, carrier, timers and its own configuration")
                .allowEmptyShould(true).check(ENGINE);
    }

    @Test
    void wireKnowsNoState() {
        noClasses().that().resideInAPackage("careof.engine.wire..")
                .should().dependOnClassesThat().resideInAnyPackage("careof.engine.sim..", "careof.engine.policy..")
                .allowEmptyShould(true).check(ENGINE);
    }

    /** The data path moves only what {@code Sad.sent} and {@code Sad.received} move. */
    @Test
    void nobodyButPfKeyChangesPoliciesAndAssociations() {
        noClasses().that().haveNameNotMatching("careof\\.engine\\.ipsec\\.(PfKey.*|SaLifetimes.*|Sad|Spd)")
                .should().accessTargetWhere(calls("rows of SPD or SAD",
                        "careof.engine.ipsec.Sad.put", "careof.engine.ipsec.Sad.delete", "careof.engine.ipsec.Sad.move", "careof.engine.ipsec.Sad.watch",
                        "careof.engine.ipsec.Spd.put", "careof.engine.ipsec.Spd.delete"))
                .check(ENGINE);
    }

    @Test
    void noWindowInTheEngine() {
        noClasses().should().dependOnClassesThat()
                .resideInAnyPackage("javafx..", "java.awt..", "javax.swing..", "careof.app..", "careof.editor..")
                .check(ENGINE);
    }

    @Test
    void noClockOfTheWall() {
        pure(calls("a clock of the machine",
                "java.lang.System.currentTimeMillis", "java.lang.System.nanoTime", "java.time.Instant.now", "java.time.Clock.*",
                "java.time.LocalDateTime.now", "java.time.LocalDate.now", "java.time.LocalTime.now", "java.time.ZonedDateTime.now",
                "java.time.OffsetDateTime.now", "java.util.Date.<init>", "java.util.Calendar.getInstance"));
    }

    @Test
    void noRandomnessButTheSeeded() {
        pure(calls("randomness of the machine",
                "java.util.Random.*", "java.lang.Math.random", "java.lang.StrictMath.random", "java.security.SecureRandom.*",
                "java.util.concurrent.ThreadLocalRandom.*", "java.util.SplittableRandom.<init>/0", "java.util.UUID.randomUUID",
                "java.util.Collections.shuffle", "java.util.random.RandomGenerator.getDefault",
                "java.lang.System.identityHashCode"));
    }

    @Test
    void noThreads() {
        pure(calls("threads",
                "java.lang.Thread.<init>", "java.lang.Thread.start", "java.lang.Thread.sleep", "java.lang.Thread.startVirtualThread",
                "java.lang.Thread.ofVirtual", "java.lang.Thread.ofPlatform", "java.util.Timer.*",
                "java.util.concurrent.Executors.*", "java.util.concurrent.ForkJoinPool.*",
                "java.util.concurrent.CompletableFuture.*",
                "java.util.Collection.parallelStream", "java.util.stream.BaseStream.parallel"));
    }

    @Test
    void noSockets() {
        pure(calls("sockets", "java.net.Socket.*", "java.net.ServerSocket.*", "java.net.DatagramSocket.*",
                "java.net.NetworkInterface.*", "java.net.InetAddress.*", "java.nio.channels.SocketChannel.*",
                "java.nio.channels.DatagramChannel.*", "java.nio.channels.ServerSocketChannel.*"));
    }

    /** The immutable collections of the JDK iterate in an order salted anew for each start of the Java machine. */
    @Test
    void noIterationInHashOrder() {
        pure(calls("hash order",
                "java.util.Map.of", "java.util.Map.ofEntries", "java.util.Map.copyOf", "java.util.Set.of", "java.util.Set.copyOf",
                "java.util.HashMap.keySet", "java.util.HashMap.values", "java.util.HashMap.entrySet", "java.util.HashMap.forEach",
                "java.util.HashSet.iterator", "java.util.HashSet.stream", "java.util.HashSet.forEach",
                "java.util.IdentityHashMap.keySet", "java.util.IdentityHashMap.values", "java.util.IdentityHashMap.entrySet",
                "java.util.stream.Collectors.toSet", "java.util.stream.Collectors.toMap/2", "java.util.stream.Collectors.toMap/3",
                "java.util.stream.Collectors.groupingBy/1", "java.util.stream.Collectors.groupingBy/2",
                "java.util.stream.Collectors.toUnmodifiableSet", "java.util.stream.Collectors.toUnmodifiableMap"));
    }

    /** The rules above must be able to fail: this test's own class breaks one. */
    @Test
    void theRulesBite() {
        var here = new ClassFileImporter().importClasses(ArchitectureTest.class, Impure.class);
        assertThrows(AssertionError.class, () -> noClasses().should()
                .accessTargetWhere(calls("hash order", "java.util.Set.of")).check(here));
        assertThrows(AssertionError.class, () -> noClasses().should()
                .accessTargetWhere(calls("a clock", "java.lang.System.nanoTime")).check(here));
    }

    private static final class Impure {
        static final Set<Long> NOW = Set.of(System.nanoTime());
    }

    private static void pure(DescribedPredicate<JavaAccess<?>> forbidden) {
        noClasses().that().resideInAPackage(PURE).and().resideOutsideOfPackage(LIVE)
                .should().accessTargetWhere(forbidden)
                .because("the same input log must give the same trace on any machine").check(ENGINE);
    }

    /** Calls of "owner.method", of any method ("owner.*"), or only with so many parameters ("owner.method/2"). */
    private static DescribedPredicate<JavaAccess<?>> calls(String what, String... targets) {
        var wanted = new TreeSet<>(List.of(targets));
        return DescribedPredicate.describe("the call uses " + what, access -> {
            var owner = access.getTargetOwner().getName();
            var name = owner + "." + access.getTarget().getName();
            return wanted.contains(owner + ".*") || wanted.contains(name)
                    || access.getTarget() instanceof AccessTarget.CodeUnitCallTarget call
                            && wanted.contains(name + "/" + call.getRawParameterTypes().size());
        });
    }

    private static String layerOf(JavaClass c) {
        var path = c.getPackageName().split("\\.");
        return path.length > 2 ? path[2] : "";
    }
}
