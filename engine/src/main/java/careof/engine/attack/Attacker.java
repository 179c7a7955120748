package careof.engine.attack;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.lab.Attack;
import careof.engine.net.Frame;
import careof.engine.net.Link;
import careof.engine.net.Port;
import careof.engine.stack.IpStack;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Packet;
import careof.engine.stack.Table;
import careof.engine.state.AttackRule;
import careof.engine.state.HeldFrame;
import careof.engine.state.Route;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip6Packet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * The attacks that one node is at. Off path it sends packets that it made up. On a link it sees every frame and can send some once more. As a
 * bridge ({@link Bridge}) it decides what becomes of each.
 *
 * <p>It knows what its octets and its lab file's attacks tell it: no key but those of its own node.
 */
public final class Attacker {
    private static final int MOST_HELD = 10_000;

    private final IpStack stack;
    private final NodeEnv env;
    private final Crafting crafting;
    private final ForgedIke forgedIke;
    private final Function<String, List<Sa>> outbound;
    private final Table<Integer, AttackRule> rules;
    private final Table<Integer, HeldFrame> held;
    /** What the rules on frames mean; the others run by timers. */
    private final Map<Integer, OnFrames> onFrames = new LinkedHashMap<>();

    private record OnFrames(Attack attack, Match match) {}

    /**
     * @param outbound the node's own SAs that send for a protection, in the order in which they are applied
     */
    public Attacker(IpStack stack, Function<String, List<Sa>> outbound) {
        this.stack = stack;
        this.env = stack.env();
        this.crafting = new Crafting(env);
        this.forgedIke = new ForgedIke(env);
        this.outbound = outbound;
        this.rules = env.table();
        this.held = env.table();
    }

    /** Begins an attack, now. */
    public void begin(Attack attack) {
        switch (attack) {
            case Attack.Rewrite a -> watch(attack, a.match(), a.count());
            case Attack.Drop a -> watch(attack, a.match(), a.count());
            case Attack.Delay a -> watch(attack, a.match(), a.count());
            case Attack.Replay a -> watch(attack, a.match(), a.count());
            case Attack.Forge a -> series(attack, a.count(), a.every(), _ -> Optional.of(crafting.forge(a)));
            case Attack.Inject a -> series(attack, a.count(), a.every(), number -> Optional.of(crafting.inject(a, number)));
            case Attack.SpoofHao a -> series(attack, a.count(), a.every(), _ -> own(a.destination()).map(own -> crafting.spoofHao(a, own)));
            case Attack.ForgeBu a -> series(attack, a.count(), a.every(), number -> own(a.destination()).map(own -> crafting.forgeBu(a, own, number)));
            case Attack.Flood a -> series(attack, a.count(), a.every(), number -> own(a.destination()).map(own -> crafting.flood(a, own, number)));
            case Attack.ForgeIke a -> series(attack, a.count(), a.every(), number -> own(a.destination()).map(own -> forgedIke.message(a, own, number)));
            case Attack.ForgeInner a -> repeat(set(attack, a.count()), a.every(), 0, _ -> throughSa(a));
        }
    }

    private void watch(Attack attack, String match, long count) {
        onFrames.put(set(attack, count == 0 ? -1 : count), new OnFrames(attack, new Match(match)));
    }

    private int set(Attack attack, long left) {
        int id = (int) env.count("attacks");
        rules.put(id, new AttackRule(id, attack.text(), left), Reason.USER_ACTION);
        return id;
    }

    /** One frame or packet less is to come; the rule ends with its last. */
    private void done(int id) {
        AttackRule rule = rules.get(id);
        if (rule.left() == 1) {
            rules.remove(id, Reason.ATTACK_OVER);
            onFrames.remove(id);
        } else if (rule.left() > 0) {
            rules.put(id, new AttackRule(id, rule.what(), rule.left() - 1), Reason.COUNTED);
        }
    }

    // Off path

    /** The address that this node would send from itself. */
    private Optional<Ip6Address> own(Ip6Address destination) {
        Route route = stack.routes().lookup(destination);
        return stack.addresses().sourceFor(destination, route == null ? "p1" : route.port());
    }

    private void series(Attack attack, long count, long every, LongFunction<Optional<Ip6Packet>> packet) {
        repeat(set(attack, count), every, 0, number -> packet.apply(number).ifPresent(forged -> stack.output().sendAsIs(forged, 0, true)));
    }

    private interface Step {
        void take(long number);
    }

    private void repeat(int id, long every, long number, Step step) {
        step.take(number);
        done(id);
        if (rules.get(id) != null) {
            env.timers().in("attack " + id, every, () -> repeat(id, every, number + 1, step));
        }
    }

    /** Through the node's own SA, whatever its policy says of such a packet. */
    private void throughSa(Attack.ForgeInner forged) {
        List<Sa> sas = outbound.apply(forged.protection());
        if (!sas.isEmpty()) {
            stack.output().sendThrough(Crafting.datagram(forged.source(), forged.destination(), (int) forged.port(), (int) forged.octets()), sas);
        }
    }

    // On a link

    /** Lets this node see each frame that comes to a port, before its stack does. */
    public Port.Owner listening(Port.Owner stackBehind) {
        return new Port.Owner() {
            @Override
            public void receive(Port port, Frame frame, Link link) {
                replayed(port, frame);
                stackBehind.receive(port, frame, link);
            }

            @Override
            public void carrier(Port port) {
                stackBehind.carrier(port);
            }
        };
    }

    /** Replays that are to follow a frame; they leave by this port. */
    private void replayed(Port out, Frame frame) {
        for (int id : List.copyOf(onFrames.keySet())) {
            OnFrames rule = onFrames.get(id);
            if (rule.attack instanceof Attack.Replay replay && rule.match.holds(frame.octets())) {
                Octets again = replay.source().flatMap(source -> Rewriting.rewrite(frame.octets(), "ipv6.src", source.toString(), true))
                        .map(Rewriting.Rewritten::frame).orElse(frame.octets());
                for (long n = 1; n <= replay.times(); n++) {
                    hold(out, frame, n * replay.after(), again);
                }
                done(id);
            }
        }
    }

    /** Sends a frame later. */
    private void hold(Port out, Frame frame, long delay, Octets octets) {
        if (held.size() >= MOST_HELD) {
            env.decided(about(frame), Reason.ATTACK_FULL, Integer.toString(MOST_HELD));
            return;
        }
        int id = (int) env.count("held frames");
        held.put(id, new HeldFrame(id, out.name(), env.now() + delay, octets), Reason.ATTACK_HELD, careof.engine.base.VirtualTime.format(delay));
        env.timers().in("held frame " + id, delay, () -> {
            held.remove(id, Reason.ATTACK_SENT);
            transmit(out, frame, octets);
        });
    }

    private static Packet about(Frame frame) {
        return new Packet(frame.packet(), frame.parent(), frame.significant(), frame.octets().from(Ethernet.HEADER));
    }

    /** Puts a frame on a port's link as a new packet made from one that it saw. */
    private void transmit(Port out, Frame from, Octets octets) {
        if (out.link() != null && out.carrier()) {
            out.link().transmit(out, new Frame(env.recorder().newPacket(), from.packet(), from.significant(), octets));
        }
    }

    /** What a bridge does with a frame: the first rule of each kind that means it rules. */
    void pass(Port out, Frame frame) {
        env.about(frame.packet());
        Octets octets = frame.octets();
        replayed(out, frame);
        long delay = 0;
        List<Integer> ended = new ArrayList<>();
        boolean kept = true;
        for (Map.Entry<Integer, OnFrames> entry : onFrames.entrySet()) {
            OnFrames rule = entry.getValue();
            if (rule.attack instanceof Attack.Replay || !rule.match.holds(octets)) {
                continue;
            }
            ended.add(entry.getKey());
            switch (rule.attack) {
                case Attack.Drop _ -> kept = false;
                case Attack.Delay slow -> delay += slow.by();
                case Attack.Rewrite rewrite -> octets = rewritten(frame, octets, rewrite);
                default -> throw new IllegalStateException("no rule on frames: " + rule.attack);
            }
            if (!kept) {
                break;
            }
        }
        if (!kept) {
            env.dropped(about(frame), Reason.ATTACK_DROPPED);
        } else if (delay > 0) {
            env.decided(about(frame), Reason.ATTACK_DELAYED, careof.engine.base.VirtualTime.format(delay));
            hold(out, frame, delay, octets);
        } else {
            if (env.recorder().records(frame.significant())) {
                env.decided(about(frame), Reason.BRIDGED, out.name());
            }
            transmit(out, frame, octets);
        }
        ended.forEach(this::done);
        env.about(0);
    }

    private Octets rewritten(Frame frame, Octets octets, Attack.Rewrite rewrite) {
        Optional<Rewriting.Rewritten> changed = Rewriting.rewrite(octets, rewrite.field(), rewrite.value(), rewrite.fix());
        if (changed.isEmpty()) {
            env.decided(about(frame), Reason.ATTACK_MISSED, rewrite.field(), rewrite.value());
            return octets;
        }
        env.decided(about(frame), Reason.ATTACK_REWRITTEN, rewrite.field(), changed.get().before(), rewrite.value());
        return changed.get().frame();
    }
}
