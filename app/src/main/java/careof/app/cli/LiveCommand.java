package careof.app.cli;

import careof.engine.base.Sizes;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabCheck;
import careof.engine.lab.LabException;
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
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "live", description = "Runs a lab by the clock on the wall, with this machine's interfaces and sockets as ports to the outside. Ends where --until tells, with \"quit\" on standard"
        + " input, or by a signal (Ctrl-C); what it set up is undone then.",
        footer = {"", "Standard input takes actions, one a line, as lab files have them but at once: {\"move\": {\"node\": \"mn\", \"to\": \"cell-b\"}}; and the words status, pause, resume, quit."
            + " Each is answered with a line. An empty line is as good as status."})
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

    private volatile boolean stopped;
    /** Whether it was said that the recording stopped. */
    private boolean told;

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
        hostsAreHere(requests, lab);
        leftovers(requests, err);
        Lab endless = LiveLab.of(lab);
        long until = input.until().time().orElse(endless.until());
        RecordingSecrets known = new RecordingSecrets(SystemSecret.make(), endless.withUntil(until));
        Simulation run = Simulation.live(known.lab(), detail, known.secret(), LiveLab.KEPT);
        CountDownLatch over = new CountDownLatch(1);
        LiveRecording recording = record == null ? null : new LiveRecording(record, run, known, secrets);
        LiveConsole console = new LiveConsole(err, TerminalProgress.isTerminal(0), TerminalProgress.isTerminal());
        try (recording; LiveRun live = new LiveRun(run)) {
            Thread hook = new Thread(() -> stop(live, over), "careof-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            open(requests, live, recording);
            console.greet();
            console.listen(System.in, live::wake);
            live.resume();
            drive(live, recording, until, console);
            unhook(hook);
        } finally {
            over.countDown();
        }
        tell(recording, console, "");    // of its end, too, which is written last
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

    private static void hostsAreHere(List<PortRequest> requests, Lab lab) throws BadInput {
        for (PortRequest request : requests) {
            if (request instanceof PortRequest.HostOnNode host && lab.node(host.node()).map(LabNode::outside).orElse(false)) {
                throw new BadInput("--tun " + host.node() + "=" + host.name() + ": \"" + host.node() + "\" does not run here, since --outside or the lab leaves it to a machine outside");
            }
        }
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

    /** @param recording null: none */
    private void drive(LiveRun live, LiveRecording recording, long until, LiveConsole console) {
        long jumps = 0;
        Optional<FirstMatch> awaited = input.until().query().map(query -> new FirstMatch(live.run().trace(), query));
        long next = System.nanoTime();
        while (!stopped && live.run().now() < until) {
            for (Optional<String> line = console.line(); line.isPresent(); line = console.line()) {
                console.say(obey(live, recording, line.get()));
            }
            live.turn(System.nanoTime() + TURN);
            if (recording != null) {
                recording.at(live.run().now());
            }
            Optional<TraceEvent> match = awaited.flatMap(FirstMatch::find);
            if (match.isPresent()) {
                stopped = true;
                console.say(String.format(Locale.ROOT, "careof: an event at %.3f s matches ", match.get().at() / 1e9) + input.until().query().get());
            }
            tell(recording, console, "; the run goes on");
            if (live.jumps() > jumps) {
                jumps = live.jumps();
                console.say("careof: the clock jumped: this machine slept, or this program was stopped or had too much to do; the lab's time did not follow");
            }
            live.gone().forEach(gone -> console.say("careof: " + gone.port() + " is closed: " + gone.why()));
            if (System.nanoTime() >= next) {
                next = System.nanoTime() + STATUS;
                console.show(status(live, recording));
            }
            try {
                live.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        console.say(status(live, recording));
    }

    /** Says once that the recording stopped. */
    private void tell(LiveRecording recording, LiveConsole console, String more) {
        if (!told && recording != null && !recording.state().stopped().isEmpty()) {
            told = true;
            console.say("careof: recording stopped: " + recording.state().stopped() + more);
        }
    }

    /** Does what a line says, and answers it. */
    private String obey(LiveRun live, LiveRecording recording, String line) {
        try {
            return switch (LiveOrder.parse(line)) {
                case LiveOrder.Word.STATUS -> status(live, recording);
                case LiveOrder.Word.PAUSE -> {
                    live.pause();
                    yield at(live) + ": paused";
                }
                case LiveOrder.Word.RESUME -> {
                    live.resume();
                    yield at(live) + ": goes on";
                }
                case LiveOrder.Word.QUIT -> {
                    stopped = true;
                    yield at(live) + ": ends";
                }
                case LiveOrder.Act(Action action) -> {
                    long before = live.run().trace().size();
                    live.run().apply(action);
                    yield at(live) + ": " + (live.run().trace().get(before + 1) instanceof TraceEvent.Acted acted ? acted.text() : "done");
                }
            };
        } catch (BadInput | IllegalArgumentException e) {
            return "careof: " + e.getMessage();
        }
    }

    private static String at(LiveRun live) {
        return String.format(Locale.ROOT, "%.1f s", live.run().now() / 1e9);
    }

    private static String status(LiveRun live, LiveRecording recording) {
        StringBuilder text = new StringBuilder(at(live));
        text.append(live.isPaused() ? " (paused)" : "").append(String.format(Locale.ROOT, ", behind by %.1f ms, %.1f ms at worst", live.lag() / 1e6, live.worstLag() / 1e6));
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
