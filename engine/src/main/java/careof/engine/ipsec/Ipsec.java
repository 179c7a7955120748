package careof.engine.ipsec;

import careof.engine.base.IpAddress;
import careof.engine.stack.IpStack;
import careof.engine.stack.IpsecStages;
import careof.engine.stack.Packet;
import careof.engine.stack.Verdict;
import careof.engine.state.Sa;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Reason;
import careof.engine.wire.ip.IpPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** IPsec of a node on its packets' way: what the databases say is done, and what is done moves their counters and windows. */
public final class Ipsec implements IpsecStages {
    private final Spd spd;
    private final Sad sad;
    private final PfKey pfKey;
    private final Opening opening;
    private final Admission admission;
    private final Protecting protecting;
    private Answer last;

    /** {@link IpStack#ipsec(IpsecStages)} is still to be called with it. */
    public Ipsec(IpStack stack, Spd spd, Sad sad, PfKey pfKey) {
        Transforms transforms = new Transforms();
        this.spd = spd;
        this.sad = sad;
        this.pfKey = pfKey;
        this.opening = new Opening(stack, sad, transforms);
        this.admission = new Admission(stack, spd, sad);
        this.protecting = new Protecting(stack, sad, transforms);
        sad.dummies(protecting::dummy);
    }

    /** Without policies and SAs there is nothing to do. */
    @Override
    public boolean isActive() {
        return spd.size() > 0 || sad.size() > 0;
    }

    @Override
    public boolean isProtected(IpPacket whole) {
        return Opening.isProtected(whole);
    }

    @Override
    public Opened open(Packet packet, IpPacket whole, IpPacket wire, List<Sa> sas) {
        return opening.open(packet, whole, wire, sas);
    }

    @Override
    public Optional<Verdict> admit(Packet packet, IpPacket whole, Optional<String> port, List<Sa> sas) {
        return admission.admit(whole, port, sas);
    }

    /** What the last packet with SAs got: often the next is of the same flow. */
    private record Answer(Flow flow, Optional<String> port, long spd, long sad, Wanted.Protection protection) {}

    @Override
    public Wanted wanted(IpPacket plain, Optional<String> port) {
        Flow flow = Flow.of(plain);
        if (last != null && last.spd == spd.version() && last.sad == sad.version() && last.flow.equals(flow) && last.port.equals(port)) {
            return last.protection;
        }
        Optional<SpdEntry> entry = spd.lookup(SpdEntry.Direction.OUT, port, flow);
        if (entry.isEmpty()) {
            return error(plain, port);    // what it quotes decides, not its flow
        }
        Wanted wanted = switch (entry.get().action()) {
            case BYPASS -> new Wanted.Nothing(Optional.of(Verdict.pass(Reason.SPD_BYPASS).by(entry.get())));
            case DISCARD -> new Wanted.Refused(Verdict.drop(Reason.SPD_DISCARD).by(entry.get()));
            case PROTECT -> protection(entry.get(), flow, true);
        };
        last = wanted instanceof Wanted.Protection protection ? new Answer(flow, port, spd.version(), sad.version(), protection) : null;
        return wanted;
    }

    /** An ICMP error about which the policy says nothing goes the way of the traffic that it is about (RFC 4301 section 6.2). */
    private Wanted error(IpPacket plain, Optional<String> port) {
        Optional<Flow> back = IcmpQuote.of(plain).map(IcmpQuote::back);
        Optional<SpdEntry> entry = back.flatMap(flow -> spd.lookup(SpdEntry.Direction.OUT, port, flow));
        return entry.isPresent() && entry.get().action() == SpdEntry.Action.PROTECT ? protection(entry.get(), back.get(), false) : Wanted.NOTHING;
    }

    /**
     * The SAs of an entry's templates.
     *
     * @param acquire whether one that is missing is asked for
     */
    private Wanted protection(SpdEntry entry, Flow flow, boolean acquire) {
        List<Sa> sas = new ArrayList<>(entry.templates().size());
        Flow covered = flow;
        for (int i = 0; i < entry.templates().size(); i++) {
            SpdEntry.Template template = entry.templates().get(i);
            Optional<Sa> sa = sad.outbound(template, covered);
            if (sa.isPresent()) {
                sas.add(sa.get());
                if (sa.get().mode() == Sa.Mode.TUNNEL) {
                    IpAddress from = sa.get().source();
                    covered = new Flow(from, sa.get().destination(), sa.get().protocol().number(), Flow.OPAQUE, Flow.OPAQUE);
                }
            } else {
                if (acquire) {
                    pfKey.acquire(entry, i, covered);
                }
                if (template.level() != SpdEntry.Level.USE) {
                    return new Wanted.Refused(Verdict.drop(Reason.SA_MISSING, Words.transforms(List.of(template))).by(entry));
                }
            }
        }
        return sas.isEmpty() ? new Wanted.Nothing(Optional.of(Verdict.pass(Reason.SPD_BYPASS).by(entry))) : new Wanted.Protection(entry, List.copyOf(sas));
    }

    @Override
    public Optional<Sealed> transport(Packet packet, IpPacket wire, List<Sa> sas) {
        return protecting.transport(packet, wire, sas);
    }

    @Override
    public Optional<Sealed> tunnel(Packet packet, IpPacket inner, List<Sa> sas) {
        return protecting.tunnel(packet, inner, sas);
    }

    @Override
    public int overhead(List<Sa> sas) {
        return sas.stream().mapToInt(protecting::overhead).sum();
    }
}
