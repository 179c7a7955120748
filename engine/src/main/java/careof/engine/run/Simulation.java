package careof.engine.run;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.ike.Demands;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabTraffic;
import careof.engine.lab.TimedAction;
import careof.engine.net.Link;
import careof.engine.node.IkePlan;
import careof.engine.node.Node;
import careof.engine.node.Plan;
import careof.engine.node.SecurityPlan;
import careof.engine.sim.Scheduler;
import careof.engine.state.LinkState;
import careof.engine.state.State;
import careof.engine.trace.Detail;
import careof.engine.trace.InputLog;
import careof.engine.trace.LabState;
import careof.engine.trace.OutsidePort;
import careof.engine.trace.Reason;
import careof.engine.trace.Recorder;
import careof.engine.trace.TraceStore;
import careof.engine.traffic.Flow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * A run of a lab: a deterministic machine from an {@link InputLog} to a trace. One thread drives it; its
 * {@link TraceStore} may be read by others.
 */
public final class Simulation {
    private final Lab lab;
    private final Detail detail;
    private final Scheduler scheduler = new Scheduler();
    private final TraceStore trace;
    private final Recorder recorder;
    private final Plan plan;
    private final Map<String, Link> links = new LinkedHashMap<>();
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<InputLog.Input> inputs = new ArrayList<>();
    /** Inputs so far, kept or not. */
    private long taken;
    private final boolean live;
    private final Optional<Octets> secret;
    private final Outside outside;
    private Consumer<InputLog.Input> onInput = _ -> { };
    /** Inputs of a log that are still to come. */
    private final List<InputLog.Input> pending;
    private final IkePlan ike;

    /** Sets up a lab, which must be valid; the clock stands at 0. */
    public Simulation(Lab lab, Detail detail) {
        this(new InputLog(lab, detail, List.of()), Optional.empty(), false, new TraceStore(detail));
    }

    private Simulation(InputLog log, Optional<Octets> secret, boolean live, TraceStore trace) {
        this.live = live;
        this.secret = secret;
        this.lab = log.lab();
        this.detail = log.detail();
        this.pending = new ArrayList<>(log.inputs());
        this.trace = trace;
        this.recorder = new Recorder(trace, scheduler);
        this.plan = new Plan(lab);
        recorder.because(recorder.started(lab.name(), lab.seed()));
        for (LabLink link : lab.links()) {
            LinkState state = new LinkState(link.name(), "", "", link.delay(), link.rate(), link.loss(), link.down());
            links.put(link.name(), new Link(state, link.mtu(), link.queue(), lab.seed(), scheduler, recorder));
        }
        SecurityPlan security = new SecurityPlan(lab, plan);
        this.ike = new IkePlan(lab, plan, security);
        for (LabNode node : lab.nodes()) {
            if (node.outside()) {
                continue;
            }
            nodes.put(node.name(), new Node(lab, node, plan, security, ike, links, scheduler, recorder, secret));
        }
        this.outside = new Outside(links, nodes, recorder);
        for (LabNode node : lab.nodes()) {
            node.modes().forEach((peer, mode) -> answerThroughHome(node, peer, mode));
        }
        for (int i = 0; i < lab.traffic().size(); i++) {
            traffic(lab.traffic().get(i), i + 1);
        }
        for (TimedAction action : lab.actions()) {
            if (nodes.keySet().containsAll(named(action.action()))) {    // what nodes outside do is their own affair
                scheduler.at(action.at(), () -> perform(action.action(), -1));
            }
        }
        recorder.because(0);
    }

    /** A run that will take the inputs of a log, each at its place. */
    public static Simulation of(InputLog log) {
        return new Simulation(log, Optional.empty(), false, new TraceStore(log.detail()));
    }

    /**
     * The same for the log of a run that met the real world.
     *
     * @param secret of that run
     */
    public static Simulation of(InputLog log, Octets secret) {
        return new Simulation(log, Optional.of(secret), false, new TraceStore(log.detail()));
    }

    /**
     * A run that meets the real world: what is drawn for the eyes of peers follows from a secret, and the inputs, which may be many, are not kept.
     *
     * @param secret 32 octets that nobody else knows
     */
    public static Simulation live(Lab lab, Detail detail, Octets secret) {
        return live(lab, secret, new TraceStore(detail));
    }

    /** The same, into a trace that has a bound: only what came last is kept, see {@link TraceStore#first}. */
    public static Simulation live(Lab lab, Detail detail, Octets secret, long bound) {
        return live(lab, secret, new TraceStore(detail, bound));
    }

    private static Simulation live(Lab lab, Octets secret, TraceStore trace) {
        return new Simulation(new InputLog(lab, trace.detail(), List.of()), Optional.of(secret), true, trace);
    }

    /** Told of each input when it is taken, before anything comes of it. */
    public void onInput(Consumer<InputLog.Input> listener) {
        onInput = listener;
    }

    /** Whether its inputs are kept, so that it can be made again. */
    public boolean canFork() {
        return !live;
    }

    public Lab lab() {
        return lab;
    }

    public TraceStore trace() {
        return trace;
    }

    /** Virtual nanoseconds. */
    public long now() {
        return scheduler.now();
    }

    /** When the next thing happens, up to the lab's end; {@link Long#MAX_VALUE}: nothing more does. */
    public long nextTaskAt() {
        long next = pending.isEmpty() ? scheduler.nextAt() : Math.min(scheduler.nextAt(), pending.getFirst().at());
        return next > lab.until() ? Long.MAX_VALUE : next;
    }

    /** Runs one task; false when there is none up to the lab's end. */
    public boolean step() {
        return next(lab.until());
    }

    private boolean next(long limit) {
        // In a log that no run wrote, an input may stand before tasks that are due earlier: it waits for them.
        if (!pending.isEmpty() && pending.getFirst().afterTask() <= scheduler.tasks() && pending.getFirst().at() <= Math.min(limit, scheduler.nextAt())) {
            InputLog.Input input = pending.removeFirst();
            scheduler.advanceTo(input.at());
            take(input);
            return true;
        }
        recorder.because(0);
        boolean ran = scheduler.runNext(Math.min(limit, lab.until()));
        between();
        return ran;
    }

    /**
     * Whether a run of a log has come to where the first one was recorded last: all inputs are taken, and there are as many events, or the time is over. Until then
     * {@link #step} takes it further.
     */
    public boolean isMadeAgain(long events, long time) {
        return pending.isEmpty() && (trace.size() >= events || nextTaskAt() > time);
    }

    /** Between two tasks all tables are as the trace says. */
    private void between() {
        if (trace.wantsBase()) {
            trace.base(rows());
        }
    }

    /** Runs all tasks up to a time, inclusive; then the clock stands there (at most at the lab's end). */
    public void runUntil(long time) {
        long limit = Math.min(time, lab.until());
        while (next(limit)) {
            // each turn runs one task
        }
        scheduler.advanceTo(limit);
    }

    /** Runs to the lab's end. */
    public void run() {
        runUntil(lab.until());
    }

    /** Does something now; an {@code IllegalArgumentException} when the lab has no such node or link. It becomes an input of this run; inputs of a log that were still to come are dropped. */
    public void apply(Action action) {
        check(action);
        outside(new InputLog.Act(action));
    }

    /**
     * Opens a port to the outside; from then on octets leave by it, and may {@link #arrive}.
     *
     * @param out takes them at once, on the thread that drives this run
     * @throws IllegalArgumentException where the lab has no such node, link or address, or the name is taken
     */
    public void attach(OutsidePort port, Consumer<Octets> out) {
        check(port);
        outside.connect(port.name(), out);
        outside(new InputLog.Attach(port));
    }

    /** @throws IllegalArgumentException where {@link #attach} would refuse this port, for a person to read */
    public void check(OutsidePort port) {
        outside.problem(port).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
    }

    /** Closes a port to the outside; nothing happens where there is none of that name. */
    public void detach(String port, String why) {
        if (outside.has(port)) {
            outside(new InputLog.Detach(port, why));
        }
    }

    /** A packet or a frame has come in, whatever it is. Ports that are closed take nothing. */
    public void arrive(String port, Octets octets) {
        if (outside.has(port)) {
            outside(new InputLog.Arrive(port, octets));
        }
    }

    /** Packets or frames have come that could not be taken. */
    public void missed(String port, long count, String why) {
        if (outside.has(port)) {
            outside(new InputLog.Missed(port, count, why));
        }
    }

    /** The run paused: some that came meanwhile are about to {@link #arrive}, all at this instant. */
    public void waited(String port, long count) {
        if (outside.has(port)) {
            outside(new InputLog.Waited(port, count));
        }
    }

    private void outside(InputLog.Event event) {
        pending.clear();
        take(new InputLog.Input(scheduler.tasks(), scheduler.now(), event));
    }

    private void take(InputLog.Input input) {
        onInput.accept(input);
        if (!live) {
            inputs.add(input);
        }
        long number = taken++;
        recorder.because(0);
        switch (input.event()) {
            case InputLog.Act act -> problem(act.action()).ifPresentOrElse(why -> recorder.acted("", number, "not done: " + why), () -> perform(act.action(), number));
            case InputLog.Attach attach -> outside.attach(attach.port(), number);
            case InputLog.Detach detach -> outside.detach(detach.port(), detach.why(), number);
            case InputLog.Arrive arrive -> outside.arrive(arrive.port(), arrive.octets());
            case InputLog.Missed missed -> outside.missed(missed.port(), missed.count(), missed.why());
            case InputLog.Waited waited -> outside.waited(waited.port(), waited.count(), number);
        }
        recorder.because(0);
        between();
    }

    /** Everything from outside so far: with it, this run can be made again, where {@link #canFork}. */
    public InputLog inputs() {
        return new InputLog(lab, detail, inputs);
    }

    /**
     * A second run that stands where this one stood after an event: at the end of the task that the event belongs to. It takes
     * no later inputs.
     *
     * @param event     1 to the trace's size; 0: the start
     * @param cancelled asked now and then
     * @param progress  told the events replayed so far
     * @return empty when cancelled
     * @throws IllegalStateException where its inputs are not kept
     */
    public Optional<Simulation> fork(long event, BooleanSupplier cancelled, LongConsumer progress) {
        if (live) {
            throw new IllegalStateException("the inputs of this run are not kept");
        }
        Simulation copy = new Simulation(inputs(), secret, false, new TraceStore(detail));
        int turns = 0;
        while (copy.trace.size() < event && copy.next(Long.MAX_VALUE)) {
            if (++turns % 1024 == 0) {
                progress.accept(copy.trace.size());
                if (cancelled.getAsBoolean()) {
                    return Optional.empty();
                }
            }
        }
        copy.pending.clear();
        return Optional.of(copy);
    }

    /** A node's insides; what is done to it otherwise than by inputs is not made again in another run. Empty: there is none of that name, or it is outside. */
    public Optional<Node> node(String name) {
        return Optional.ofNullable(nodes.get(name));
    }

    /** Every row of every table, read from the engine itself and not from its trace. */
    public SortedMap<LabState.Key, State> rows() {
        SortedMap<LabState.Key, State> rows = new TreeMap<>();
        links.values().forEach(link -> link.rows(state -> rows.put(LabState.Key.of("", state), state)));
        nodes.values().forEach(node -> node.env().rows((name, state) -> rows.put(LabState.Key.of(name, state), state)));
        return rows;
    }

    private void traffic(LabTraffic traffic, int number) {
        Optional<? extends IpAddress> from = traffic.family() == 4 ? plan.address4(traffic.from()) : plan.address(traffic.from());
        Optional<? extends IpAddress> to = traffic.family() == 4 ? plan.address4(traffic.to()) : plan.address(traffic.to());
        if (from.isEmpty() || to.isEmpty()) {
            throw new IllegalArgumentException("traffic \"" + traffic.name() + "\": node \"" + (from.isEmpty() ? traffic.from() : traffic.to())
                    + "\" has no address; attach it to a link with a prefix");
        }
        flow(traffic, number, traffic.from(), from.get(), traffic.to(), to.get());
        if (traffic.both() && traffic.kind() == LabTraffic.Kind.UDP) {
            flow(traffic, number, traffic.to(), to.get(), traffic.from(), from.get());
        }
    }

    private void flow(LabTraffic traffic, int number, String from, IpAddress source, String to, IpAddress destination) {
        Flow flow = new Flow(traffic.name(), from + "-" + to, number, traffic.kind() == LabTraffic.Kind.PING, source, destination, traffic.every(),
                traffic.octets(), traffic.start(), Math.min(traffic.stop(), lab.until()), traffic.dscp());
        if (nodes.containsKey(from)) {
            nodes.get(from).flows().send(flow);
        }
        if (!flow.ping() && nodes.containsKey(to)) {
            nodes.get(to).flows().receive(flow);
        }
    }

    /** Nodes that do something. */
    private static List<String> named(Action action) {
        return switch (action) {
            case Action.Move move -> List.of(move.node());
            case Action.Link _ -> List.of();
            case Action.SetMode set -> List.of(set.node());
            case Action.Ping ping -> List.of(ping.from());
            case Action.SetPolicy set -> set.node().stream().toList();
            case Action.ChangeSas sas -> List.of(sas.node());
            case Action.Ike ike -> List.of(ike.node());
            case Action.Attack attack -> List.of(attack.node());
        };
    }

    /** Nodes with which something is done. */
    private static List<String> peers(Action action) {
        return switch (action) {
            case Action.SetMode set -> List.of(set.peer());
            case Action.Ping ping -> List.of(ping.to());
            case Action.Ike ike -> List.of(ike.peer());
            case Action.Move _, Action.Link _, Action.SetPolicy _, Action.ChangeSas _, Action.Attack _ -> List.of();
        };
    }

    /** An action about something that the lab does not have must leave no mark, neither in the trace nor among the inputs. */
    private void check(Action action) {
        problem(action).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
    }

    /** Why an action cannot be done, so that {@link #apply} would refuse it, for a person to read; empty: it can. */
    public Optional<String> problem(Action action) {
        Optional<String> node = Stream.concat(named(action).stream().filter(name -> !nodes.containsKey(name)), peers(action).stream().filter(name -> lab.node(name).isEmpty())).findFirst();
        if (node.isPresent()) {
            return node.map(name -> lab.node(name).isPresent() ? "node \"" + name + "\" is outside" : "no node \"" + name + "\"");
        }
        Optional<String> protection = switch (action) {
            case Action.ChangeSas sas -> Optional.of(sas.protection());
            case Action.Ike ike -> ike.protection();
            default -> Optional.empty();
        };
        if (protection.isPresent() && lab.protection(protection.get()).isEmpty()) {
            return protection.map(name -> "no protection \"" + name + "\"");
        }
        Optional<String> link = switch (action) {
            case Action.Move move -> move.to();
            case Action.Link change -> Optional.of(change.name());
            case Action.SetMode _, Action.Ping _, Action.SetPolicy _, Action.ChangeSas _, Action.Ike _, Action.Attack _ -> Optional.empty();
        };
        return link.filter(name -> !links.containsKey(name)).map(name -> "no link \"" + name + "\"");
    }

    /** An order to key management. */
    private void obey(Demands demands, Action.Ike order) {
        List<Long> requestIds = order.protection().flatMap(lab::protection).map(protection -> SecurityPlan.requestIds(lab, protection)).orElse(List.of());
        switch (order.order()) {
            case START -> demands.start(order.peer(), requestIds, order.local().flatMap(ike::phaseTwo), order.remote().flatMap(ike::phaseTwo));
            case REKEY -> demands.rekey(requestIds);
            case REKEY_PHASE_ONE -> demands.rekeyPhaseOne(order.peer());
            case DELETE -> demands.delete(requestIds);
            case DELETE_PHASE_ONE -> demands.deletePhaseOne(order.peer());
            case PROBE -> demands.probe(order.peer());
        }
    }

    private void perform(Action action, long input) {
        switch (action) {
            case Action.Move move -> {
                recorder.because(recorder.acted(move.node(), input, move.to().map(to -> move.node() + " moves to " + to).orElse(move.node() + " leaves its link")));
                LabLink to = move.to().flatMap(lab::link).orElse(null);
                nodes.get(move.node()).move(to == null ? null : links.get(to.name()), to == null ? 0 : to.attach());
            }
            case Action.Link change -> {
                recorder.because(recorder.acted("", input, text(change)));
                links.get(change.name()).change(change.from().orElse(""), change.to().orElse(""), change.loss(), change.delay(), change.rate(), change.down());
            }
            case Action.SetMode set -> {
                recorder.because(recorder.acted(set.node(), input, set.node() + " talks to " + set.peer() + " " + set.mode().text()));
                plan.address(set.peer()).ifPresent(address -> nodes.get(set.node()).mobile()
                        .ifPresent(mobile -> mobile.setMode(address, set.peer(), Node.mode(set.mode()))));
                answerThroughHome(lab.node(set.node()).orElseThrow(), set.peer(), set.mode());
            }
            case Action.Ping ping -> {
                recorder.because(recorder.acted(ping.from(), input, ping.from() + " pings " + ping.to()));
                plan.address(ping.to()).ifPresent(address -> nodes.get(ping.from()).ping(address));
            }
            case Action.SetPolicy set -> {
                recorder.because(recorder.acted(set.node().orElse(""), input, text(set)));
                nodes.values().stream().filter(node -> set.node().map(node.name()::equals).orElse(true)).forEach(node ->
                        node.env().policy(node.env().policy().with(set.on(), set.off()), Reason.USER_ACTION));
            }
            case Action.Attack attack -> {
                recorder.because(recorder.acted(attack.node(), input, attack.node() + ": " + attack.attack().text()));
                nodes.get(attack.node()).attacker().begin(attack.attack());
            }
            case Action.Ike order -> {
                recorder.because(recorder.acted(order.node(), input, order.text()));
                nodes.get(order.node()).keyManagement().ifPresent(demands -> obey(demands, order));
            }
            case Action.ChangeSas sas -> {
                recorder.because(recorder.acted(sas.node(), input, text(sas)));
                lab.protection(sas.protection()).ifPresent(protection -> nodes.get(sas.node()).changeSas(SecurityPlan.requestIds(lab, protection),
                        sas.lifetime().map(SecurityPlan::lifetimes)));
            }
        }
    }

    /** In triangular mode the peer keeps answering by the home agent: its own setting, which the drawing makes. */
    private void answerThroughHome(LabNode node, String peer, LabNode.Mode mode) {
        node.home().ifPresent(home -> Optional.ofNullable(nodes.get(peer)).flatMap(Node::correspondent)
                .ifPresent(correspondent -> {
                    if (mode == LabNode.Mode.TRIANGULAR) {
                        correspondent.answerThroughHome(home.address());
                    } else {
                        correspondent.answerDirectly(home.address());
                    }
                }));
    }

    private static String text(Action.SetPolicy set) {
        StringBuilder text = new StringBuilder(set.node().orElse("every node")).append(": policy");
        set.on().forEach(letter -> text.append(" +").append(letter));
        set.off().forEach(letter -> text.append(" -").append(letter));
        return text.toString();
    }

    private static String text(Action.ChangeSas sas) {
        return sas.node() + ": SAs of " + sas.protection() + (sas.delete() ? " deleted" : " get another lifetime");
    }

    private static String text(Action.Link change) {
        StringBuilder text = new StringBuilder("link " + change.name());
        change.from().ifPresent(from -> text.append(" from ").append(from));
        change.to().ifPresent(to -> text.append(" to ").append(to));
        text.append(":");
        change.down().ifPresent(down -> text.append(down ? " down" : " up"));
        change.loss().ifPresent(loss -> text.append(" loss ").append(loss));
        change.delay().ifPresent(delay -> text.append(" delay ").append(VirtualTime.format(delay)));
        change.rate().ifPresent(rate -> text.append(" rate ").append(rate).append(" bit/s"));
        return text.toString();
    }
}
