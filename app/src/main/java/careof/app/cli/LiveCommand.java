package careof.app.cli;

import careof.engine.base.Sizes;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Lab;
import careof.engine.lab.LabCheck;
import careof.engine.lab.LabException;
import careof.engine.lab.LabJson;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabProblem;
import careof.engine.live.Leftovers;
import careof.engine.live.LiveLab;
import careof.engine.live.LiveRecording;
import careof.engine.live.LiveRun;
import careof.engine.live.Namespace;
import careof.engine.live.PortRequest;
import careof.engine.live.SystemSecret;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.RecordingSecrets;
import careof.engine.trace.TraceEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "live", description = "Runs a lab by the clock on the wall, with this machine's interfaces and sockets as ports to the outside. Ends where --until tells, with \"quit\" on standard"
        + " input, or by a signal (Ctrl-C); what it set up is undone then.",
        footer = {"", "Standard input takes actions, one a line, as lab files have them: {\"move\": {\"node\": \"mn\", \"to\": \"cell-b\"}}; and the words pause, resume, quit."})
final class LiveCommand implements Callable<Integer> {
    private static final long TURN = 20 * VirtualTime.MILLISECOND;
    private static final long STATUS = VirtualTime.SECOND;

    @Mixin
    private LabInput input;

    @Mixin
    private LivePorts ports;

    @Option(names = "--outside", paramLabel = "NODE", description = "A node that a machine outside plays, by a port on its links: it does not run here. May be repeated.")
    private List<String> outside = new ArrayList<>();

    @Option(names = "--detail", paramLabel = "full|summary", converter = RunCommand.DetailConverter.class, defaultValue = "summary",
            description = "How much the trace holds, and thus what a query of --until can see: everything, or state, drops and signalling, which is the default here.")
    private Detail detail;

    @Option(names = "--record", paramLabel = "F", description = "Records the run into a file, for careof replay: it can be looked at afterwards, whatever ends the run. The file holds no keys, but"
            + " everything that was said through the lab. It must not be there yet.")
    private Path record;

    @Option(names = "--secrets", description = "With --record: also keeps what all keys of the run follow from, in a file of its own beside (F.secret), which its owner alone may"
            + " read. With it the run can be made again and forked; whoever has it can read what the run protected.")
    private boolean secrets;

    @Option(names = "--tidy", description = "First takes back what runs that were killed left on interfaces that outlived them.")
    private boolean tidy;

    @Spec
    private CommandSpec spec;

    private final ConcurrentLinkedQueue<String> words = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    @Override
    public Integer call() throws IOException, LabException, BadInput {
        PrintWriter err = spec.commandLine().getErr();
        Lab lab = away(input.read());
        List<LabProblem> problems = LabCheck.problems(lab);
        if (problems.stream().anyMatch(LabProblem::isError)) {
            throw new LabException(problems);
        }
        if (secrets && record == null) {
            throw new BadInput("--secrets are kept beside a recording; name that with --record");
        }
        List<PortRequest> requests = ports.requests();
        leftovers(requests, err);
        Lab endless = LiveLab.of(lab);
        long until = input.until().time().orElse(endless.until());
        RecordingSecrets known = new RecordingSecrets(SystemSecret.make(), endless.withUntil(until));
        Simulation run = Simulation.live(known.lab(), detail, known.secret(), LiveLab.KEPT);
        CountDownLatch over = new CountDownLatch(1);
        try (LiveRecording recording = record == null ? null : new LiveRecording(record, run, known, secrets); LiveRun live = new LiveRun(run)) {
            Thread hook = new Thread(() -> stop(live, over), "careof-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            open(requests, live, recording);
            listen(live);
            live.resume();
            drive(live, recording, until, err);
            unhook(hook);
        } finally {
            over.countDown();
        }
        return CareofCommand.HOLDS;
    }

    /** A run that does not begin leaves no recording. */
    private static void open(List<PortRequest> requests, LiveRun live, LiveRecording recording) throws IOException {
        boolean begun = false;
        try {
            PortRequest.open(requests, live);
            begun = true;
        } finally {
            if (!begun && recording != null) {
                recording.discard();
            }
        }
    }

    private void leftovers(List<PortRequest> requests, PrintWriter err) throws IOException {
        Leftovers found;
        try {
            found = Leftovers.find(requests);
        } catch (IOException e) {
            if (tidy) {
                throw e;
            }
            return;    // nobody can look, and perhaps nobody needs to: ports that do will say so
        }
        if (tidy) {
            found.remove();
        }
        found.texts().forEach(text -> err.println("careof: " + text + (tidy ? " (removed)" : "; --tidy removes what it set")));
    }

    private Lab away(Lab lab) throws BadInput {
        for (String name : outside) {
            if (lab.node(name).isEmpty()) {
                throw new BadInput("--outside: no node \"" + name + "\"");
            }
        }
        List<LabNode> nodes = lab.nodes().stream().map(node -> outside.contains(node.name()) ? node.withOutside(true) : node).toList();
        return lab.withNodes(nodes);
    }

    /** A signal came: lets the run end by itself, but not for ever. */
    private void stop(LiveRun live, CountDownLatch over) {
        stopped = true;
        live.wake();
        try {
            over.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void unhook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is at work already.
        }
    }

    private void listen(LiveRun live) {
        Thread.ofPlatform().daemon().name("careof-input").start(() -> {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    words.add(line);
                    live.wake();
                }
            } catch (IOException e) {
                // Nobody speaks to us any more; the run goes on.
            }
        });
    }

    /** @param recording null: none */
    private void drive(LiveRun live, LiveRecording recording, long until, PrintWriter err) {
        boolean told = recording == null;
        long jumps = 0;
        boolean terminal = TerminalProgress.isTerminal();
        Optional<FirstMatch> awaited = input.until().query().map(query -> new FirstMatch(live.run().trace(), query));
        long next = System.nanoTime();
        while (!stopped && live.run().now() < until) {
            for (String word = words.poll(); word != null; word = words.poll()) {
                obey(live, word.strip(), err);
            }
            live.turn(System.nanoTime() + TURN);
            if (recording != null) {
                recording.at(live.run().now());
            }
            Optional<TraceEvent> match = awaited.flatMap(FirstMatch::find);
            if (match.isPresent()) {
                stopped = true;
                err.println((terminal ? "\r\033[K" : "") + String.format(Locale.ROOT, "careof: an event at %.3f s matches ", match.get().at() / 1e9) + input.until().query().get());
            }
            if (!told && !recording.state().stopped().isEmpty()) {
                told = true;
                err.println((terminal ? "\r\033[K" : "") + "careof: recording stopped: " + recording.state().stopped() + "; the run goes on");
            }
            if (live.jumps() > jumps) {
                jumps = live.jumps();
                err.println((terminal ? "\r\033[K" : "") + "careof: the clock jumped: this machine slept, or this program was stopped or had too much to do; the lab's time did not follow");
            }
            live.gone().forEach(gone -> err.println((terminal ? "\r\033[K" : "") + "careof: " + gone.port() + " is closed: " + gone.why()));
            if (System.nanoTime() >= next) {
                next = System.nanoTime() + STATUS;
                if (terminal) {
                    err.print("\r\033[K" + status(live, recording));
                    err.flush();
                }
            }
            try {
                live.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        err.println((terminal ? "\r\033[K" : "") + status(live, recording));
    }

    private void obey(LiveRun live, String word, PrintWriter err) {
        switch (word) {
            case "" -> { }
            case "quit" -> stopped = true;
            case "pause" -> live.pause();
            case "resume" -> live.resume();
            default -> {
                try {
                    live.run().apply(LabJson.readAction("input", word.startsWith("{") && !word.contains("\"at\"") ? "{\"at\": \"0s\", " + word.substring(1) : word).action());
                } catch (LabException | IllegalArgumentException e) {
                    err.println("careof: " + e.getMessage());
                }
            }
        }
    }

    private static String status(LiveRun live, LiveRecording recording) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%.1f s%s, behind by %.1f ms at most", live.run().now() / 1e9, live.isPaused() ? " (paused)" : "", live.worstLag() / 1e6));
        if (live.jumps() > 0) {
            text.append(live.jumps() == 1 ? ", the clock jumped once" : ", the clock jumped " + live.jumps() + " times");
        }
        if (live.ports().isEmpty()) {
            text.append("; no port is open any more");
        }
        for (LiveRun.PortCounts port : live.ports()) {
            text.append("; ").append(port.where()).append(": ").append(port.in()).append(" in, ").append(port.out()).append(" out");
            if (port.missedIn() + port.missedOut() > 0) {
                text.append(", ").append(port.missedIn() + port.missedOut()).append(" missed");
            }
        }
        if (recording != null) {
            LiveRecording.State state = recording.state();
            text.append(state.stopped().isEmpty() ? "; recorded " + Sizes.mebibytes(state.octets()) : "; recording stopped: " + state.stopped());
        }
        return text.toString();
    }
}
