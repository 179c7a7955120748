package careof.engine.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The schema and the reader agree. */
class LabSchemaTest {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private static String text() throws Exception {
        return Files.readString(Path.of("../assets/lab.schema.json"));
    }

    private static Schema schema() throws Exception {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(text(), InputFormat.JSON);
    }

    private static List<String> errors(Schema schema, String lab) {
        return schema.validate(lab, InputFormat.JSON).stream().map(Error::toString).toList();
    }

    @Test
    void acceptsTheExampleAndEverySample() throws Exception {
        Schema schema = schema();
        assertEquals(List.of(), errors(schema, LabJsonTest.example()));
        for (Path sample : SampleFilesTest.samples()) {
            assertEquals(List.of(), errors(schema, Files.readString(sample)), sample.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void acceptsWhatIsWrittenAndRefusesWhatTheReaderRefuses(long seed) throws Exception {
        Schema schema = schema();
        Random random = new Random(seed);
        for (int i = 0; i < 20; i++) {
            String lab = LabJson.write(new LabGenerator(random).lab());
            assertEquals(List.of(), errors(schema, lab), () -> "seed " + seed + ":\n" + lab);
            JsonNode root = MAPPER.readTree(lab);
            for (ObjectNode object : objects(root)) {
                object.put("unheard", "of");
                assertNotEquals(List.of(), errors(schema, root.toString()), () -> "seed " + seed + ": unknown field accepted in " + object);
                object.remove("unheard");
            }
        }
    }

    private static List<ObjectNode> objects(JsonNode node) {
        List<ObjectNode> all = new ArrayList<>();
        if (node instanceof ObjectNode object) {
            all.add(object);
        }
        node.forEach(child -> all.addAll(objects(child)));
        return all;
    }

    /** Generated labs use every field that the reader knows; so the fields of the schema must be those, no more, no fewer. */
    @Test
    void hasNoFieldThatLabsNeverUse() throws Exception {
        SortedSet<String> inSchema = new TreeSet<>();
        properties(MAPPER.readTree(text()), inSchema);
        SortedSet<String> used = new TreeSet<>();
        Random random = new Random(5);
        for (int i = 0; i < 1000; i++) {
            objects(MAPPER.readTree(LabJson.write(new LabGenerator(random).lab()))).forEach(object -> used.addAll(object.propertyNames()));
        }
        inSchema.removeAll(used);
        assertEquals(new TreeSet<>(), inSchema);
    }

    private static void properties(JsonNode node, SortedSet<String> names) {
        if (node instanceof ObjectNode object && object.get("properties") instanceof ObjectNode properties) {
            properties.properties().forEach(property -> {
                names.add(property.getKey());
                assertTrue(property.getValue().has("description"), () -> "no description: " + property.getKey());
            });
        }
        node.forEach(child -> properties(child, names));
    }
}
