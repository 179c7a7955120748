package careof.app.cli;

import careof.engine.base.Progress;
import careof.engine.capture.CaptureExport;
import careof.engine.capture.WiresharkProfile;
import careof.engine.decode.IkeExport;
import careof.engine.lab.Lab;
import careof.engine.metrics.RunMetrics;
import careof.engine.query.Query;
import careof.engine.run.Simulation;
import careof.engine.trace.InputLogJson;
import careof.engine.trace.TraceJson;
import careof.engine.trace.TraceStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** What a run or a replay writes and prints; the options for it. */
final class RunOutput {
    /** A run is driven in this many parts, between which progress is told. */
    private static final int PARTS = 500;

    @Option(names = "--pcapng", paramLabel = "F", description = "Writes all frames for Wireshark, an interface for each port.")
    private Path pcapng;

    @Option(names = "--only", paramLabel = "WHAT", converter = SelectionConverter.class,
            description = "With --pcapng: only frames at node:NAME, or on link:NAME.")
    private CaptureExport.Selection only = new CaptureExport.Selection.All();

    @Option(names = "--ike", paramLabel = "F", description = "Writes the ISAKMP messages alone as pcapng, each once and one exchange behind the other: so"
            + " Wireshark and tshark, with the profile's keys, decrypt every one; in a whole capture, copies on other links lead them astray.")
    private Path ike;

    @Option(names = "--wireshark-profile", paramLabel = "DIR", description = "Writes a profile folder with the keys of all SAs and of IKE, so that Wireshark and"
            + " tshark decrypt the capture; copy or link it into the profiles folder of Wireshark. Only its owner may read the keys.")
    private Path profile;

    @Option(names = "--trace", paramLabel = "F", description = "Writes the trace as JSON Lines, an event a line.")
    private Path trace;

    @Option(names = "--log", paramLabel = "F", description = "Writes the input log, from which careof replay makes the same run again.")
    private Path log;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    /**
     * What there is of a run.
     *
     * @param now    virtual time that it reached, nanoseconds
     * @param seed   empty: not known
     * @param digest of its trace; empty: not known
     * @param judged by what its lab expects; that speaks of the lab's own actions, and in a live run people acted, and machines
     */
    record Ran(Lab lab, TraceStore events, long now, Optional<Long> seed, String digest, boolean judged) {
        static Ran of(Simulation run, String digest) {
            return new Ran(run.lab(), run.trace(), run.now(), Optional.of(run.lab().seed()), digest, true);
        }
    }

    /**
     * Runs a simulation to its end, writes the files that were asked for, prints the result.
     *
     * @param recorded how the run ended that this one repeats; empty: none is known
     */
    int finish(Simulation simulation, Until until, String title, Optional<InputLogJson.End> recorded, PrintWriter out, PrintWriter err)
            throws IOException, BadInput {
        check(simulation.lab());
        boolean stopped = false;
        try (TerminalProgress progress = new TerminalProgress(err)) {
            if (until.query().isPresent()) {
                stopped = runUntil(simulation, until.query().get(), progress.of("running"));
            } else {
                run(simulation, progress.of("running"));
            }
        }
        String digest = simulation.trace().digest();
        int status = results(Ran.of(simulation, digest), title, recorded, out, err);
        if (log != null) {
            // a log holds what came in, not where we stopped looking
            Optional<InputLogJson.End> end = stopped ? Optional.empty() : Optional.of(new InputLogJson.End(simulation.trace().size(), digest));
            InputLogJson.write(simulation.inputs(), end, log);
        }
        return status;
    }

    /** @throws BadInput where something is wanted that cannot be had of a recording */
    void checkRecorded(Lab lab, boolean secrets) throws BadInput {
        check(lab);
        if (log != null) {
            throw new BadInput("--log: what came from outside is kept in recordings, not in input logs");
        } else if (profile != null && !secrets) {
            throw new BadInput("--wireshark-profile: the keys are not in this recording, and its secrets are not at hand");
        }
    }

    /**
     * Writes the files that were asked for, but an input log, and prints the result.
     *
     * @param recorded how the run ended that this one repeats; empty: none is known
     */
    int results(Ran ran, String title, Optional<InputLogJson.End> recorded, PrintWriter out, PrintWriter err) throws IOException {
        Lab lab = ran.judged ? ran.lab : ran.lab.withExpect(List.of());
        TraceStore events = ran.events;
        RunMetrics metrics;
        try (TerminalProgress progress = new TerminalProgress(err)) {
            metrics = RunMetrics.of(lab, events, ran.now, progress.of("measuring"));
            if (pcapng != null) {
                CaptureExport.write(events, lab, pcapng, only, progress.of("writing " + pcapng.getFileName()));
            }
            if (ike != null) {
                IkeExport.write(events, lab, ike, progress.of("writing " + ike.getFileName()));
            }
            if (profile != null) {
                WiresharkProfile.write(events, profile);
            }
            if (trace != null) {
                TraceJson.write(events, trace, progress.of("writing " + trace.getFileName()));
            }
        }
        RunReport report = new RunReport(lab, title, ran.seed, ran.now, events.size(), ran.digest, metrics, ran.judged);
        if (json) {
            ObjectNode root = report.json();
            recorded.ifPresent(end -> root.put("same", end.digest().equals(ran.digest)));
            Json.print(out, root);
        } else {
            report.print(out);
        }
        return metrics.holds() ? CareofCommand.HOLDS : CareofCommand.FAILS;
    }

    private void check(Lab lab) throws BadInput {
        switch (only) {
            case CaptureExport.Selection.Node(String name) when lab.node(name).isEmpty() -> throw new BadInput("--only: no node \"" + name + "\"");
            case CaptureExport.Selection.Link(String name) when lab.link(name).isEmpty() -> throw new BadInput("--only: no link \"" + name + "\"");
            default -> {
                if (pcapng == null && !(only instanceof CaptureExport.Selection.All)) {
                    throw new BadInput("--only says what goes into a capture; name its file with --pcapng");
                }
            }
        }
    }

    private static void run(Simulation simulation, Progress progress) throws Progress.Cancelled {
        long until = simulation.lab().until();
        for (int part = 1; part <= PARTS; part++) {
            simulation.runUntil(part == PARTS ? until : until / PARTS * part);
            progress.report(part, PARTS);
        }
    }

    /** Runs to the first event that matches; false: none does up to the lab's end. */
    private static boolean runUntil(Simulation simulation, Query query, Progress progress) throws Progress.Cancelled {
        FirstMatch match = new FirstMatch(simulation.trace(), query);
        do {
            if (match.find().isPresent()) {
                return true;
            }
            progress.report(simulation.now(), simulation.lab().until());
        } while (simulation.step());
        simulation.run();
        return false;
    }

    static final class SelectionConverter implements picocli.CommandLine.ITypeConverter<CaptureExport.Selection> {
        @Override
        public CaptureExport.Selection convert(String text) {
            if (text.startsWith("node:")) {
                return new CaptureExport.Selection.Node(text.substring(5));
            }
            if (text.startsWith("link:")) {
                return new CaptureExport.Selection.Link(text.substring(5));
            }
            throw new picocli.CommandLine.TypeConversionException("expected node:NAME or link:NAME, not \"" + text + "\"");
        }
    }
}
