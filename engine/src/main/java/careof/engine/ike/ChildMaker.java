package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.ipsec.PfKey;
import careof.engine.ipsec.SaMessages;
import careof.engine.stack.NodeEnv;
import careof.engine.state.AddressRange;
import careof.engine.state.IkeChild;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Reason;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import java.util.List;

/** The SAs of one quick mode: where they end, what they carry, and PF_KEY's part in it (RFC 2367 sections 3.1.1 to 3.1.3). */
final class ChildMaker {
    private static final long MOST_SPI = 0xffff_ffffL;
    private static final long LEAST_SPI = 256;
    /** The last part of a lifetime, in which a successor is made. */
    private static final int MARGIN = 5;

    private final Ike ike;
    private final NodeEnv env;
    private final IsakmpSa phaseOne;
    private final ChildSettings settings;
    /** Whether this node began the quick mode. */
    private final boolean initiator;
    private final PfKey.Socket socket;
    private IpAddress local;
    private IpAddress remote;
    private Selector outbound;
    private Selector inbound;
    private int policy;
    private SpdEntry out;
    private long inboundSpi;
    private boolean reserved;
    private boolean installed;
    private long outboundSpi;
    private Sa.Lifetimes lifetimes = Sa.Lifetimes.NONE;
    private String error = "";

    ChildMaker(Ike ike, IsakmpSa phaseOne, ChildSettings settings, boolean initiator) {
        this.ike = ike;
        this.env = ike.env();
        this.phaseOne = phaseOne;
        this.settings = settings;
        this.initiator = initiator;
        this.socket = ike.socket();
    }

    /**
     * Decides where both SAs end and what they carry.
     *
     * @param entry      the outbound policy
     * @param from       this node's address for the messages of this quick mode
     * @param to         the peer's address for them
     * @param ownEnd     this node's end in transport mode
     * @param remoteEnd  the peer's end in transport mode
     */
    void place(SpdEntry entry, int template, IpAddress from, IpAddress to, IpAddress ownEnd, IpAddress remoteEnd) {
        out = entry;
        policy = entry.id();
        outbound = entry.selector();
        inbound = ike.policies().inbound(entry, settings.requestId()).map(SpdEntry::selector).orElseGet(() -> entry.selector().reversed());
        if (settings.mode() == Sa.Mode.TRANSPORT) {
            local = ownEnd;
            remote = remoteEnd;
            return;
        }
        SpdEntry.Template wanted = entry.templates().get(template);
        PeerAddresses peers = PeerAddresses.of(env.policy(), phaseOne, from, to);
        boolean combined = env.policy().combinesTunnels() && peers.local().getClass() == wanted.source().getClass();
        local = combined ? peers.local() : wanted.source();
        remote = combined ? peers.remote() : wanted.destination();
        String because = combined ? peers.because() : "the policy";
        env.recorder().decided(env.node(), env.packet(), Reason.IKE_CHILD_ENDS, List.of(local.toString(), remote.toString(), because), "");
    }

    /** No identities say what they carry: all between these addresses. */
    void implied(PeerAddresses peers) {
        only(Selector.between(AddressRange.of(peers.local()), AddressRange.of(peers.remote())));
        if (settings.mode() == Sa.Mode.TRANSPORT) {
            local = peers.local();
            remote = peers.remote();
        }
    }

    /** They carry this instead of what the policy says. */
    void only(Selector carried) {
        if (!carried.equals(Selectors.negotiable(outbound))) {
            outbound = carried;
            inbound = carried.reversed();
            policy = 0;
        }
    }

    /** Gets an SPI for the SA towards this node; false: there is none, see {@link #error}. */
    boolean reserve() {
        PfKeyMessage answer = socket.request(SaMessages.getSpi(settings.protocol(), settings.mode(), remote, local, LEAST_SPI, MOST_SPI, settings.requestId()));
        inboundSpi = answer.find(PfKeyExtension.Association.class).map(PfKeyExtension.Association::spi).orElse(0L);
        reserved = ok(answer) && inboundSpi != 0;
        return reserved;
    }

    private boolean ok(PfKeyMessage answer) {
        error = answer.errno() == 0 ? "" : PfKeyError.name(answer.errno());
        return answer.errno() == 0;
    }

    String error() {
        return error;
    }

    long inboundSpi() {
        return inboundSpi;
    }

    /**
     * Both ends agree.
     *
     * @param spi  that the peer receives on
     * @param said what the peer wants, which this node may still shorten
     * @return how long the SAs last
     */
    Lifespan agreed(long spi, Lifespan said) {
        outboundSpi = spi;
        Sa.Lifetimes own = settings.lifetimes();
        Lifespan hard = said.shorter(new Lifespan(own.hardTime(), own.hardOctets()));
        lifetimes = new Sa.Lifetimes(soft(own.softTime(), hard.time()), hard.time(), soft(own.softOctets(), hard.octets()), hard.octets());
        return hard;
    }

    /** When a pair warns. The responder's warns later, so that the initiator makes the next one and the responder only where that does not happen. */
    private long soft(long wanted, long hard) {
        long soft = wanted > 0 && wanted < hard ? wanted : hard - hard / MARGIN;
        return initiator ? soft : soft + (hard - soft) / 2;
    }

    /** The SA towards this node; false: PF_KEY refuses, see {@link #error}. */
    boolean installInbound(Octets secret, Octets nonceI, Octets nonceR) {
        Sa sa = sa(inboundSpi, remote, local, inbound, secret, nonceI, nonceR);
        installed = ok(socket.request(SaMessages.update(sa)));
        reserved = !installed;
        return installed;
    }

    /** The SA towards the peer. */
    boolean installOutbound(Octets secret, Octets nonceI, Octets nonceR) {
        return ok(socket.request(SaMessages.add(sa(outboundSpi, local, remote, outbound, secret, nonceI, nonceR))));
    }

    private Sa sa(long spi, IpAddress from, IpAddress to, Selector carried, Octets secret, Octets nonceI, Octets nonceR) {
        int encryption = settings.encryption() == Encryption.NONE ? 0 : settings.keyLength();
        int authentication = settings.authentication() == Authentication.NULL ? 0 : settings.authentication().key();
        Octets keys = phaseOne.keys().keymat(secret, ChildProposals.number(settings.protocol()), ChildProposals.octets(spi), nonceI, nonceR,
                encryption + authentication);
        return new Sa(0, spi, settings.protocol(), settings.mode(), from, to, carried, settings.encryption(), keys.slice(0, encryption),
                settings.authentication(), keys.from(encryption), settings.extended(), settings.window(), settings.requestId(), lifetimes, Sa.UdpPorts.NONE,
                Sa.Phase.MATURE, 0, settings.hiding());
    }

    /** Both SAs are there: the pair is known from now on, and the policy's tunnel ends where it ends. */
    void made(long messageId, ChildNeed need) {
        IkeChild child = new IkeChild(ike.children().newId(), phaseOne.id(), messageId, phaseOne.row().remoteIdentity(), initiator, settings.protocol(),
                settings.mode(), local, remote, inboundSpi, outboundSpi, outbound, policy, settings.requestId(), env.now());
        ike.children().made(child, Reason.IKE_CHILD_MADE, outbound.toString());
        if (policy != 0 && settings.mode() == Sa.Mode.TUNNEL) {
            ike.policies().moveTunnel(out, settings.requestId(), local, remote);
            ike.policies().inbound(out, settings.requestId()).ifPresent(in -> ike.policies().moveTunnel(in, settings.requestId(), remote, local));
        }
        ike.succeeded(child, need);
    }

    /** Gives up: what was reserved or made for it goes. */
    void abandon() {
        if (reserved || installed) {
            socket.request(SaMessages.delete(settings.protocol(), inboundSpi, remote, local));
            reserved = false;
            installed = false;
        }
    }
}
