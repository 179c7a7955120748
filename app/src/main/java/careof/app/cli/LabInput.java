package careof.app.cli;

import careof.app.Samples;
import careof.engine.lab.Lab;
import careof.engine.lab.LabException;
import careof.engine.lab.LabFiles;
import careof.engine.lab.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The lab that a command works on, and the options that change it. */
final class LabInput {
    @Parameters(paramLabel = "LAB", description = "A lab file (see also: careof samples).")
    private Path file;

    @Option(names = "--until", paramLabel = "T|QUERY", converter = Until.Converter.class,
            description = "End of the run: a time, such as 12.5s, or the first event that a query matches, such as \"protocol == BA\". Unless told, a simulated run ends where its lab says,"
                    + " and a live one when somebody ends it.")
    private Until until = Until.END;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of every random stream; instead of the lab's.")
    private Long seed;

    @Option(names = "--set", paramLabel = "POINTER=VALUE", converter = SettingConverter.class,
            description = "Sets a value of the lab file by its JSON Pointer, such as /links/0/loss=0.1; may be repeated.")
    private List<Setting> settings = new ArrayList<>();

    @Option(names = "--policy", paramLabel = "CHANGES", converter = PolicyChanges.Converter.class,
            description = "Switches recommendations on or off, such as +F,-C2 for the lab or cn:-A for a node; may be repeated.")
    private List<PolicyChanges> policy = new ArrayList<>();

    Path file() {
        return file;
    }

    Until until() {
        return until;
    }

    /** The lab as it shall run. */
    Lab read() throws IOException, LabException, BadInput {
        exists(file);
        Lab lab = LabFiles.read(file, settings);
        lab = seed == null ? lab : lab.withSeed(seed);
        lab = until.time().map(lab::withUntil).orElse(lab);
        for (PolicyChanges changes : policy) {
            lab = changes.apply(lab);
        }
        return policy.isEmpty() ? lab : oneSide(lab);
    }

    /** Where the recommendation of the lab's experiment, or of its table, was switched by hand, the run is one of its sides, and no lab to make it from. */
    private static Lab oneSide(Lab lab) {
        return lab.withExperiment(Optional.empty()).withComparison(Optional.empty());
    }

    /** Refuses a file that is not there, with a hint where a sample may be meant. */
    static void exists(Path file) throws BadInput {
        if (!Files.exists(file)) {
            String name = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
            String hint = Stream.of(Samples.all(), Samples.experiments(), Samples.comparisons()).flatMap(List::stream)
                    .filter(sample -> sample.shortName().equals(name)).findFirst()
                    .map(sample -> "; the sample of that name is written by: careof samples copy " + sample.name()).orElse("");
            throw new BadInput("no file " + file + hint);
        }
        if (Files.isDirectory(file)) {
            throw new BadInput(file + " is a folder");
        }
    }

    static final class SettingConverter implements picocli.CommandLine.ITypeConverter<Setting> {
        @Override
        public Setting convert(String text) {
            try {
                return Setting.parse(text);
            } catch (IllegalArgumentException e) {
                throw new picocli.CommandLine.TypeConversionException(e.getMessage());
            }
        }
    }
}
