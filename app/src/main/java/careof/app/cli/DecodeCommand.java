package careof.app.cli;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.base.Progress;
import careof.engine.capture.CaptureReader;
import careof.engine.capture.CapturedPacket;
import careof.engine.capture.IkeTable;
import careof.engine.capture.SaTable;
import careof.engine.decode.CaptureDissector;
import careof.engine.decode.Field;
import careof.engine.decode.GivenKeys;
import careof.engine.decode.Opener;
import careof.engine.decode.PacketSummary;
import careof.engine.state.Sa;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "decode", description = "Prints the field tree of each packet of a pcap or pcapng file, whoever wrote it.")
final class DecodeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CAPTURE", description = "A pcap or pcapng file.")
    private Path file;

    @Option(names = "--packets", paramLabel = "N[-M]", converter = RangeConverter.class, description = "Only packet N, or N to M, counted from 1.")
    private Range range = new Range(1, Long.MAX_VALUE);

    @Option(names = "--summary", description = "One line a packet instead of its tree.")
    private boolean summary;

    @Option(names = "--json", description = "Prints JSON Lines, a packet a line.")
    private boolean json;

    @Option(names = "--esp-sa", paramLabel = "FILE",
            description = "Opens ESP with the keys of a table as Wireshark's esp_sa, such as careof run --wireshark-profile writes; may be repeated.")
    private List<Path> espTables = List.of();

    @Option(names = "--ah-sa", paramLabel = "FILE", description = "Judges AH with the keys of such a table of AH, ah_sa in the same folder; may be repeated.")
    private List<Path> ahTables = List.of();

    @Option(names = "--ikev1-keys", paramLabel = "FILE", description = "Decrypts IKE with the keys of a table as Wireshark's ikev1_decryption_table, which "
            + "careof run --wireshark-profile writes too; may be repeated.")
    private List<Path> ikeTables = List.of();

    @Option(names = "--keys", paramLabel = "PATH", description = "Keys of all these kinds: the folder that careof run --wireshark-profile writes, or a table of it; "
            + "may be repeated.")
    private List<Path> keys = List.of();

    @Spec
    private CommandSpec spec;

    private Opener opener = Opener.NONE;

    private record Range(long first, long last) {}

    @Override
    public Integer call() throws IOException, BadInput {
        LabInput.exists(file);
        List<Sa> sas = new ArrayList<>();
        keys(espTables, Sa.Protocol.ESP, sas);
        keys(ahTables, Sa.Protocol.AH, sas);
        Map<Long, Octets> phaseOnes = phaseOnes();
        for (Path path : keys) {
            GivenKeys given = given(path);
            sas.addAll(given.sas());
            given.phaseOnes().forEach(phaseOnes::putIfAbsent);
        }
        opener = new GivenKeys(sas, phaseOnes).opener();
        PrintWriter out = spec.commandLine().getOut();
        long size = Files.size(file);
        try (CaptureReader reader = CaptureReader.open(file); TerminalProgress terminal = new TerminalProgress(spec.commandLine().getErr())) {
            // the packets themselves are progress where they are seen
            Progress progress = System.console() != null && System.console().isTerminal() ? Progress.NONE : terminal.of("decoding");
            Optional<CapturedPacket> packet = reader.next();
            while (packet.isPresent() && packet.get().number() <= range.last()) {
                if (packet.get().number() >= range.first()) {
                    print(out, packet.get());
                } else if (!phaseOnes.isEmpty()) {    // what opens a message of IKE is in those before it
                    CaptureDissector.summary(packet.get(), opener);
                }
                if (out.checkError()) {
                    return CareofCommand.HOLDS;    // whoever read our output has gone
                }
                progress.report(reader.position(), size);
                packet = reader.next();
            }
            reader.notes().forEach(note -> spec.commandLine().getErr().println("careof: " + file + ": " + note));
        } catch (Malformed e) {
            out.flush();
            throw new BadInput(file + ": " + e.getMessage());
        }
        return CareofCommand.HOLDS;
    }

    private static void keys(List<Path> tables, Sa.Protocol protocol, List<Sa> sas) throws IOException, BadInput {
        for (Path table : tables) {
            String text = text(table);
            try {
                sas.addAll(SaTable.read(text, protocol));
            } catch (SaTable.BadLine e) {
                throw new BadInput(table + ": " + e.getMessage());
            }
        }
    }

    private static GivenKeys given(Path path) throws BadInput {
        if (!Files.exists(path)) {
            throw new BadInput(path + ": there is no such file");
        }
        try {
            return GivenKeys.read(GivenKeys.text(path));
        } catch (IOException | SaTable.BadLine e) {
            throw new BadInput(e.getMessage());
        }
    }

    private Map<Long, Octets> phaseOnes() throws IOException, BadInput {
        Map<Long, Octets> keys = new LinkedHashMap<>();
        for (Path table : ikeTables) {
            String text = text(table);
            try {
                IkeTable.read(text).forEach(keys::putIfAbsent);
            } catch (SaTable.BadLine e) {
                throw new BadInput(table + ": " + e.getMessage());
            }
        }
        return keys;
    }

    private static String text(Path table) throws IOException, BadInput {
        LabInput.exists(table);
        try {
            return Files.readString(table);
        } catch (CharacterCodingException e) {
            throw new BadInput(table + ": no text");
        }
    }

    private void print(PrintWriter out, CapturedPacket packet) {
        PacketSummary line = CaptureDissector.summary(packet, opener);
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(json(packet, line)));
            return;
        }
        out.println(packet.number() + "  " + Instant.EPOCH.plusNanos(packet.at()) + (packet.on().name().isEmpty() ? "" : "  " + packet.on().name())
                + "  " + line.source() + " > " + line.destination() + "  " + line.protocol() + "  " + line.info()
                + (packet.isCut() ? "  (" + packet.octets().length() + " of " + packet.length() + " octets kept)" : ""));
        if (!summary) {
            packet.comments().forEach(comment -> out.println("  # " + comment));
            CaptureDissector.tree(packet, opener).children().forEach(field -> print(out, field, 1));
            out.println();
        }
    }

    private static void print(PrintWriter out, Field field, int depth) {
        out.println("  ".repeat(depth) + (field.error() ? "! " : "") + field.name() + (field.value().isEmpty() ? "" : ": " + field.value()));
        field.children().forEach(child -> print(out, child, depth + 1));
    }

    private ObjectNode json(CapturedPacket packet, PacketSummary line) {
        ObjectNode node = Json.object();
        node.put("number", packet.number()).put("at", Instant.EPOCH.plusNanos(packet.at()).toString()).put("interface", packet.on().name());
        node.put("length", packet.length()).put("source", line.source()).put("destination", line.destination()).put("protocol", line.protocol())
                .put("message", line.shortName()).put("info", line.info());
        if (!packet.comments().isEmpty()) {
            ArrayNode comments = node.putArray("comments");
            packet.comments().forEach(comments::add);
        }
        if (!summary) {
            node.set("fields", json(CaptureDissector.tree(packet, opener).children()));
        }
        return node;
    }

    private static ArrayNode json(List<Field> fields) {
        ArrayNode all = Json.array();
        for (Field field : fields) {
            ObjectNode one = all.addObject();
            one.put("name", field.name()).put("field", field.abbreviation()).put("value", field.value()).put("start", field.start()).put("end", field.end());
            if (field.error()) {
                one.put("error", true);
            }
            if (!field.children().isEmpty()) {
                one.set("fields", json(field.children()));
            }
        }
        return all;
    }

    static final class RangeConverter implements ITypeConverter<Range> {
        @Override
        public Range convert(String text) {
            if (!text.matches("[1-9][0-9]{0,17}(-[1-9][0-9]{0,17})?")) {
                throw new TypeConversionException("expected packet numbers such as 7 or 7-12, not \"" + text + "\"");
            }
            String[] ends = text.split("-");
            return new Range(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]));
        }
    }
}
