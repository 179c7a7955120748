package careof.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The walls of the window and the command line. */
class AppArchitectureTest {

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))    // the editor's helper of tests
            .importPackages("careof.app", "careof.editor");

    @Test
    void onlyTheSessionHopsThreads() {
        var others = noClasses().that().resideOutsideOfPackage("careof.app.session..");
        var why = "the session is the only bridge between the simulation's thread and the window's";
        others.should().callMethod("javafx.application.Platform", "runLater", "java.lang.Runnable").because(why).check(ALL);
        noClasses().that().resideOutsideOfPackages("careof.app.session..", "careof.app.cli..", "careof.app.bench..")
                .should().dependOnClassesThat().haveFullyQualifiedName("java.lang.Thread")
                .orShould().dependOnClassesThat().resideInAPackage("java.util.concurrent")
                .orShould().dependOnClassesThat().resideInAPackage("javafx.concurrent")
                .because(why).check(ALL);
    }

    @Test
    void theCommandLineNeedsNoWindow() {
        noClasses().that().resideInAPackage("careof.app.cli..")
                .should().dependOnClassesThat().resideInAnyPackage("javafx..", "careof.editor..", "org.controlsfx..", "atlantafx..")
                .because("commands must run where there is no GTK").allowEmptyShould(true).check(ALL);
    }

    @Test
    void theEditorKnowsNoSimulation() {
        noClasses().that().resideInAPackage("careof.editor..")
                .should().dependOnClassesThat().resideInAnyPackage("careof.engine.run..", "careof.engine.node..",
                        "careof.engine.stack..", "careof.engine.mobility..", "careof.engine.net..", "careof.engine.trace..", "careof.app..")
                .allowEmptyShould(true).check(ALL);
    }

    @Test
    void theEditorsLayers() {
        noClasses().that().resideInAPackage("careof.editor.geometry")
                .should().dependOnClassesThat().resideInAnyPackage("javafx..", "careof.editor.command", "careof.editor.view", "careof.editor.gesture")
                .because("geometry is pure").check(ALL);
        noClasses().that().resideInAnyPackage("careof.editor.model", "careof.editor.command")
                .should().dependOnClassesThat().resideInAnyPackage("javafx.scene..", "careof.editor.view", "careof.editor.gesture")
                .because("edits are tested without a stage").check(ALL);
        noClasses().that().resideInAPackage("careof.editor.view")
                .should().dependOnClassesThat().resideInAPackage("careof.editor.gesture")
                .because("what is drawn knows nothing of the hand").check(ALL);
    }
}
