package careof.app.packets;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.editor.FxTest;
import careof.engine.query.Query;
import java.util.Optional;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** What a filter says about itself. */
class FilterFieldTest extends FxTest {
    @Start
    void start(Stage stage) {
        this.stage = stage;
    }

    @Test
    void itsHelpShowsQueriesThatCanBeAskedOfRunsAndCaptures() {
        FilterField field = fx(() -> new FilterField("", Query::parse, (Optional<Query> _) -> { }, () -> { }));
        String help = field.getTooltip().getText();
        for (String example : FilterField.EXAMPLES) {
            assertTrue(help.contains(example), help);
            assertDoesNotThrow(() -> Query.parse(example));
            assertDoesNotThrow(() -> Query.parseForCaptures(example));
        }
    }
}
