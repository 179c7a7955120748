package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.net.Port;
import careof.engine.stack.Addresses;
import careof.engine.stack.Carriage;
import careof.engine.stack.Inbound;
import careof.engine.stack.IpStack;
import careof.engine.stack.IpsecStages;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.stack.Verdict;
import careof.engine.state.AddressEntry;
import careof.engine.state.ListEntry;
import careof.engine.state.MovementState;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.mobility.BindingStatus;
import careof.engine.wire.mobility.MobilityMessage;
import java.util.List;
import java.util.Optional;

/**
 * A mobile node's part (RFC 6275 section 11), put together: movement detection drives the home registration, that drives the
 * registrations with correspondents, and all of them decide how packets from the home address travel.
 */
public final class MobileNode {
    /**
     * A mobile node's own configuration.
     *
     * @param home      home address, within {@code homePrefix}
     * @param homeAgent the home agent's address; empty: found by home agent address discovery (RFC 6275 section 11.4.1)
     * @param lifetime  of bindings to ask for, nanoseconds, a multiple of 4 s
     * @param ip4       what it knows of IPv4
     */
    public record Settings(Ip6Address home, Prefix homePrefix, Optional<Ip6Address> homeAgent, long lifetime, List<Peer> peers, Ip4Configuration ip4) {
        public Settings {
            peers = List.copyOf(peers);
        }

        /** Without IPv4. */
        public Settings(Ip6Address home, Prefix homePrefix, Optional<Ip6Address> homeAgent, long lifetime, List<Peer> peers) {
            this(home, homePrefix, homeAgent, lifetime, peers, Ip4Configuration.NONE);
        }
    }

    /**
     * How to talk to a peer; others: {@link PeerMode#BIDIRECTIONAL}.
     *
     * @param name for people; may be empty
     */
    public record Peer(String name, Ip6Address address, PeerMode mode) {}

    /** The three modes of the draft's section 1, as this side has a say in them. */
    public enum PeerMode {
        /** Through the home agent. */
        BIDIRECTIONAL,
        /**
         * Directly with a home address option, for which the peer is given a binding; that the peer answers through the home agent is its
         * own choice ({@link CorrespondentNode#answerThroughHome}).
         */
        TRIANGULAR,
        /** Directly both ways. */
        OPTIMIZED;

        /** The word in lab files. */
        String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final IpStack stack;
    private final NodeEnv env;
    private final Settings settings;
    private final Table<Ip6Address, ListEntry> list;
    private final Limits limits;
    private final int firstSequence;
    private final Port port;
    private final HomeRegistration homeRegistration;
    private final CorrespondentRegistrations registrations;
    private final HomeAgentDiscovery discovery;
    private final PrefixDiscovery prefixes;
    private final MobileIp4 ip4;
    private final MovementDetection movement;
    private CorrespondentNode correspondent;

    /**
     * @param port the one that moves; its stack does not forward. A home address that is on it already is there because the node starts
     *             at home
     */
    public MobileNode(IpStack stack, Port port, Settings settings) {
        this.stack = stack;
        this.env = stack.env();
        this.port = port;
        this.settings = settings;
        this.list = env.table();
        this.limits = new Limits(env);
        this.firstSequence = (int) env.draw("sequence", 0, 0xffff);
        this.homeRegistration = new HomeRegistration(this);
        this.registrations = new CorrespondentRegistrations(this);
        this.discovery = new HomeAgentDiscovery(this);
        this.prefixes = new PrefixDiscovery(this);
        this.ip4 = new MobileIp4(this, settings.ip4());
        this.movement = new MovementDetection(this);
        if (stack.addresses().find(home()).isEmpty()) {
            placeHome(Addresses.NOWHERE, Reason.CONFIGURED);
        }
        settings.peers().forEach(peer -> registrations.setMode(peer.address(), peer.name(), peer.mode()));
    }

    /** The node's other role. */
    void join(CorrespondentNode self) {
        correspondent = self;
        self.isMobile(this);
    }

    /** Changes how to talk to a peer, from now on. */
    public void setMode(Ip6Address peer, String name, PeerMode mode) {
        registrations.setMode(peer, name, mode);
    }

    IpStack stack() {
        return stack;
    }

    Port port() {
        return port;
    }

    Settings settings() {
        return settings;
    }

    Ip6Address home() {
        return settings.home();
    }

    /** The binding update list, by peer (RFC 6275 section 11.1). */
    Table<Ip6Address, ListEntry> list() {
        return list;
    }

    Limits limits() {
        return limits;
    }

    /**
     * The sequence number that a new binding update list entry counts up from: random at first (RFC 6275 section 11.7.2), later never older
     * than any that was sent before, so that no peer has to refuse it.
     */
    int freshSequence() {
        return (int) (firstSequence + env.counter("binding updates") & 0xffff);
    }

    HomeRegistration homeRegistration() {
        return homeRegistration;
    }

    CorrespondentRegistrations registrations() {
        return registrations;
    }

    HomeAgentDiscovery discovery() {
        return discovery;
    }

    PrefixDiscovery prefixes() {
        return prefixes;
    }

    CorrespondentNode correspondent() {
        return correspondent;
    }

    MovementState movement() {
        return movement.state();
    }

    MobileIp4 ip4() {
        return ip4;
    }

    /** Where the node is while away, an IPv6 or IPv4 care-of address; empty: at home, or not attached. */
    Optional<IpAddress> location() {
        return movement.state().phase() == MovementState.Phase.AWAY ? movement.state().careOf() : Optional.empty();
    }

    /** The IPv6 care-of address while away; empty: at home, not attached, or on a link with IPv4 only. */
    Optional<Ip6Address> careOf() {
        return location().filter(Ip6Address.class::isInstance).map(Ip6Address.class::cast);
    }

    boolean isAtHome() {
        return movement.state().phase() == MovementState.Phase.AT_HOME;
    }

    /** Puts the home address on a port, or on {@link Addresses#NOWHERE} while away. */
    void placeHome(String where, Reason reason, String... args) {
        stack.addresses().put(new AddressEntry(where, home(), AddressEntry.Phase.PREFERRED, AddressEntry.Origin.HOME, Long.MAX_VALUE, Long.MAX_VALUE), reason, args);
        ip4.placeHome(where, reason, args);
    }

    /** The SAs that the security policy has for a packet of this node, in final form; none: it goes without, or not at all. */
    List<Sa> sas(Ip6Packet plain) {
        return stack.ipsec().wanted(plain, Optional.empty()) instanceof IpsecStages.Wanted.Protection protection ? protection.sas() : List.of();
    }

    /** Does a packet with this source need mobility to leave: is it the home address, away from home? */
    boolean isAway(Ip6Address source) {
        return source.equals(home()) && location().isPresent();
    }

    /**
     * How a packet from the home address travels while away (RFC 6275 section 11.3.1); a tunnel of IPsec with the home agent, which ends at the
     * home address, travels in that of mobility.
     *
     * @param sas that will protect it
     */
    Carriage carry(Ip6Packet packet, Optional<Ip6Address> routing, List<Sa> sas) {
        boolean toAgent = homeRegistration.agent().equals(Optional.of(packet.destination()));
        boolean tunnel = packet.protocol() == IpProtocol.ESP || packet.protocol() == IpProtocol.AH;
        boolean direct = careOf().isPresent() && (registrations.isDirect(packet.destination()) || registrations.modes().isVerifiable(packet.destination(), sas));
        if (packet.protocol() != IpProtocol.MOBILITY && direct && !(tunnel && toAgent)) {
            return new Carriage.Extended(Signalling.extended(packet, careOf(), routing));
        }
        Optional<Carriage.Tunnel> home = homeRegistration.tunnel();
        return home.isPresent() ? home.get()
                : new Carriage.Refused(Verdict.drop(Reason.NO_HOME_REGISTRATION, location().get()).by(homeRegistration.entry().orElse(null)));
    }

    /** How an IPv4 packet travels: from the home address, while away, through the home agent or not at all (RFC 5555 section 4.4.3). */
    Carriage carry(Ip4Packet packet) {
        boolean fromHome = ip4.home().equals(Optional.of(packet.source()));
        if (fromHome && stranded().isPresent()) {
            return new Carriage.Refused(Verdict.drop(Reason.NO_HOME_REGISTRATION, ip4.visited().orElseThrow().address()));    // it goes with the IPv6 one
        } else if (!fromHome || location().isEmpty()) {
            return Carriage.PLAIN;
        }
        Optional<Carriage.Tunnel> home = homeRegistration.tunnel().filter(_ -> homeRegistration.isBound4());
        return home.isPresent() ? home.get()
                : new Carriage.Refused(Verdict.drop(Reason.NO_HOME_REGISTRATION, location().get()).by(homeRegistration.entry().orElse(null)));
    }

    /** A packet of IPv6 on a link where only IPv4 goes on, without tunnels of the one in the other. */
    Optional<Verdict.Drop> stranded() {
        return movement.state().phase() == MovementState.Phase.SOLICITING && ip4.isStranded() ? Optional.of(ip4.stranded()) : Optional.empty();
    }

    /**
     * Sends a message from the home address while away: with a home address option where the peer takes it, else through the tunnel.
     *
     * @param routing where a type 2 routing header takes it
     */
    void sendAway(Ip6Packet ip, Optional<Ip6Address> routing, long parent) {
        Optional<Carriage.Tunnel> tunnel = homeRegistration.tunnel();
        if (routing.isPresent() && registrations.isDirect(ip.destination())) {
            stack.output().sendAsIs(Signalling.extended(ip, careOf(), routing), parent, true);
        } else if (tunnel.isPresent()) {
            stack.output().sendInTunnel(Signalling.extended(ip, Optional.empty(), routing), tunnel.get(), parent, true);
        } else {
            stack.output().send(ip, parent, true); // refused there, for the reason that there is
        }
    }

    Verdict type2Routing(Ip6Address home) {
        return home.equals(home()) ? Verdict.pass(Reason.RH2_FINAL, home).by(stack.addresses().find(home).orElse(null)) : Verdict.drop(Reason.RH2_INVALID, home + " is not our home address");
    }

    /** Only the home agent's tunnel, and only for the home address (RFC 6275 section 11.3.3). */
    Verdict decapsulate(IpAddress remote, IpAddress destination) {
        boolean fromAgent = homeRegistration.agent().map(remote::equals).orElse(false) || ip4.agent().map(remote::equals).orElse(false);
        boolean ours = fromAgent && (destination.equals(home()) || ip4.home().map(destination::equals).orElse(false));
        ListEntry entry = homeRegistration.entry().orElse(null);
        return ours ? Verdict.pass(Reason.TUNNEL_IN, remote).by(entry)
                : Verdict.drop(Reason.TUNNEL_UNKNOWN, remote, destination).by(entry);
    }

    /** A message that only mobile nodes take. */
    void mobilityMessage(Inbound in, MobilityMessage message, Octets octets) {
        switch (message) {
            case MobilityMessage.HomeTest m -> registrations.tests().homeTest(in, m);
            case MobilityMessage.CareOfTest m -> registrations.tests().careOfTest(in, m);
            case MobilityMessage.BindingRefreshRequest _ -> registrations.refreshRequest(in);
            case MobilityMessage.BindingError m -> bindingError(in, m);
            case MobilityMessage.BindingAcknowledgement m -> acknowledgement(in, m, octets);
            default -> env.dropped(in.packet(), Reason.MH_NOT_FOR_ROLE, MobilityMessage.name(message.type()), "mobile node");
        }
    }

    private void acknowledgement(Inbound in, MobilityMessage.BindingAcknowledgement message, Octets octets) {
        ListEntry entry = list.get(in.source());
        if (entry == null || entry.phase() != ListEntry.Phase.SENT && entry.phase() != ListEntry.Phase.DEREGISTERING) {
            acknowledgementIgnored(in, entry == null ? "no binding update was sent to " + in.source() : "none is awaited");
        } else if (!in.destination().equals(home())) {
            acknowledgementIgnored(in, "it is not for the home address");
        } else if (entry.homeRegistration()) {
            homeRegistration.acknowledged(in, message, entry);
        } else {
            registrations.acknowledged(in, message, octets, entry);
        }
    }

    void acknowledgementIgnored(Inbound in, String what) {
        env.dropped(in.packet(), Reason.BINDING_ACKNOWLEDGEMENT_IGNORED, what);
    }

    /** RFC 6275 section 11.3.6. */
    private void bindingError(Inbound in, MobilityMessage.BindingError message) {
        ListEntry entry = list.get(in.source());
        if (entry == null) {
            env.dropped(in.packet(), Reason.BINDING_ERROR_IGNORED, "no binding update list entry for " + in.source());
        } else if (message.status() == BindingStatus.ERROR_UNKNOWN_BINDING && !message.home().equals(home())) {
            env.dropped(in.packet(), Reason.BINDING_ERROR_IGNORED, "it is about " + message.home());
        } else if (message.status() == BindingStatus.ERROR_UNKNOWN_BINDING) {
            env.decided(in.packet(), Reason.BINDING_ERROR_RECEIVED, BindingStatus.errorName(message.status()), in.source().toString());
            if (entry.homeRegistration()) {
                homeRegistration.again();
            } else {
                registrations.lost(entry);
            }
        } else if (message.status() == BindingStatus.ERROR_UNRECOGNIZED_TYPE && !entry.homeRegistration() && registrations.isAwaiting(entry)) {
            env.decided(in.packet(), Reason.BINDING_ERROR_RECEIVED, BindingStatus.errorName(message.status()), in.source().toString());
            registrations.refused(entry, Reason.PEER_WITHOUT_MOBILITY, in.source().toString());
        } else {
            env.dropped(in.packet(), Reason.BINDING_ERROR_IGNORED, "status " + message.status());
        }
    }

    /** Answers of the two discoveries, and errors about our signalling; true: it was taken. */
    boolean icmp(Inbound in, Icmp6Message message) {
        return switch (message) {
            case Icmp6Message.HomeAgentDiscoveryReply m -> discovery.reply(in, m);
            case Icmp6Message.MobilePrefixAdvertisement m -> prefixes.advertisement(in, m);
            case Icmp6Message.ParameterProblem m when m.code() == Icmp6Message.ParameterProblem.NEXT_HEADER -> problem(m.invoking());
            default -> false;
        };
    }

    /** The peer knows no Mobility Header (RFC 6275 section 11.3.5). */
    private boolean problem(Octets invoking) {
        try {
            Ip6Packet quoted = Ip6Packet.parse(invoking);
            ListEntry entry = list.get(quoted.finalDestination());
            if (quoted.protocol() == IpProtocol.MOBILITY && entry != null && !entry.homeRegistration() && registrations.isAwaiting(entry)) {
                registrations.refused(entry, Reason.PEER_WITHOUT_MOBILITY, entry.peer().toString());
                return true;
            }
        } catch (Malformed _) {
            // Too little is quoted to know which message it is about.
        }
        return false;
    }
}
