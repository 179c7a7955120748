package careof.app;

import careof.engine.lab.Lab;
import careof.engine.lab.LabException;
import careof.engine.lab.LabJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The labs that come with Careof. */
public final class Samples {
    private static final String FOLDER = "careof/samples/";
    /** Within {@link #FOLDER}; names of experiments begin with it. */
    private static final String EXPERIMENTS = "experiments/";
    /** Within {@link #FOLDER}; names of comparisons begin with it. */
    private static final String COMPARISONS = "comparisons/";
    private static final String ENDING = ".json";

    private Samples() {}

    /**
     * @param name of its file, without ".json"; of an experiment with "experiments/" before, of a comparison with "comparisons/"
     * @param text as in the file
     */
    public record Sample(String name, String text) {
        public String fileName() {
            return shortName() + ENDING;
        }

        /** The last part of its name. */
        public String shortName() {
            return name.substring(name.lastIndexOf('/') + 1);
        }

        public Lab lab() {
            try {
                return LabJson.read(fileName(), text);
            } catch (LabException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }
    }

    /** All samples, by name. */
    public static List<Sample> all() {
        return names().stream().map(name -> sample(name).orElseThrow()).toList();
    }

    /** All experiments, by name. */
    public static List<Sample> experiments() {
        return names(EXPERIMENTS).stream().map(name -> sample(name).orElseThrow()).toList();
    }

    /** All comparisons, by name. */
    public static List<Sample> comparisons() {
        return names(COMPARISONS).stream().map(name -> sample(name).orElseThrow()).toList();
    }

    public static Optional<Sample> sample(String name) {
        try (InputStream in = Samples.class.getClassLoader().getResourceAsStream(FOLDER + name + ENDING)) {
            return in == null ? Optional.empty() : Optional.of(new Sample(name, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of all samples, sorted; those of experiments and comparisons are not among them. */
    public static List<String> names() {
        return names("");
    }

    private static List<String> names(String within) {
        String folder = FOLDER + within;
        URL url = Samples.class.getClassLoader().getResource(folder);
        if (url == null) {
            return List.of();
        }
        try {
            try (Stream<String> files = url.openConnection() instanceof JarURLConnection jar ? inJar(jar, folder) : inFolder(url.toURI())) {
                return files.filter(name -> name.endsWith(ENDING) && name.indexOf('/') < 0)
                        .map(name -> within + name.substring(0, name.length() - ENDING.length())).sorted().toList();
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the samples cannot be listed: " + e.getMessage(), e);
        }
    }

    private static Stream<String> inJar(JarURLConnection jar, String folder) throws IOException {
        return jar.getJarFile().stream().map(entry -> entry.getName()).filter(name -> name.startsWith(folder)).map(name -> name.substring(folder.length()));
    }

    private static Stream<String> inFolder(URI folder) throws IOException {
        return Files.list(Path.of(folder)).map(file -> file.getFileName().toString());
    }
}
