package careof.engine.mobility;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.net.Port;
import careof.engine.stack.Addresses;
import careof.engine.stack.Carriage;
import careof.engine.stack.Inbound;
import careof.engine.stack.IpStack;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.stack.TunnelFamilies;
import careof.engine.state.AddressEntry;
import careof.engine.state.ListEntry;
import careof.engine.state.ListEntry.Phase;
import careof.engine.state.TunnelEntry;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.mobility.BindingStatus;
import careof.engine.wire.mobility.MobilityMessage.BindingAcknowledgement;
import careof.engine.wire.mobility.MobilityMessage.BindingUpdate;
import careof.engine.wire.mobility.MobilityOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A mobile node's registration with its home agent (RFC 6275 sections 11.7.1 and 11.5.5): binding updates until they are
 * acknowledged, refreshed in time, taken back at home; and the tunnel that follows from it.
 */
final class HomeRegistration {
    private static final String RETRANSMISSION = "home binding update";
    private static final String REFRESH = "home refresh";

    private final MobileNode node;
    private final IpStack stack;
    private final NodeEnv env;
    private final Table<IpAddress, TunnelEntry> tunnels;

    HomeRegistration(MobileNode node) {
        this.node = node;
        this.stack = node.stack();
        this.env = stack.env();
        this.tunnels = env.table();
    }

    /** The binding update list's entry for the home agent. */
    Optional<ListEntry> entry() {
        return node.list().values().stream().filter(ListEntry::homeRegistration).findFirst();
    }

    /** The home agent in use, or the one to try first; empty: none is known. */
    Optional<Ip6Address> agent() {
        return entry().map(ListEntry::peer).or(() -> candidates().stream().findFirst());
    }

    private List<Ip6Address> candidates() {
        return node.settings().homeAgent().map(List::of).orElseGet(() -> node.discovery().found());
    }

    /** A binding that the home agent holds, as far as this side can know. */
    private boolean isHeld(ListEntry entry) {
        return entry.acknowledgedCareOf().isPresent() && entry.until() > env.now();
    }

    /** The home agent may hold a binding, for all this side can know: an acknowledgement may have been lost. */
    private boolean mayBeHeld(ListEntry entry) {
        return entry.phase() != Phase.REFUSED
                && (entry.phase() == Phase.DEREGISTERING || Math.max(entry.until(), entry.sentAt() + node.settings().lifetime()) > env.now());
    }

    /** The home agent has acknowledged the present care-of address. */
    boolean isAccepted() {
        return entry().filter(this::isHeld).map(entry -> entry.acknowledgedCareOf().equals(node.location())).orElse(false);
    }

    /** End of the home registration, nanoseconds: no binding elsewhere may outlive it (RFC 6275 section 11.7.2). */
    long until() {
        return entry().map(ListEntry::until).orElse(0L);
    }

    /**
     * The reverse tunnel: there as soon as the home agent has a binding and was sent the present care-of address (RFC 6275 section
     * 11.6.3). A first registration has to be acknowledged before.
     */
    Optional<Carriage.Tunnel> tunnel() {
        return entry().filter(entry -> isHeld(entry) && node.location().equals(Optional.of(entry.careOf())))
                .map(entry -> tunnel(entry.careOf(), entry.peer(), false));
    }

    private Carriage.Tunnel tunnel(IpAddress careOf, Ip6Address agent, boolean udp) {
        return new Carriage.Tunnel(careOf, careOf instanceof Ip4Address ? node.ip4().agent().orElseThrow() : agent, udp);
    }

    /** The home agent has bound the IPv4 home address, too. */
    boolean isBound4() {
        return node.ip4().home().filter(home4 -> tunnels.get(home4) != null).isPresent();
    }

    private void keepTunnelRow() {
        Optional<Carriage.Tunnel> tunnel = tunnel();
        if (isBound4()) {
            bind4(tunnel);
        }
        if (tunnel.isPresent()) {
            tunnels.put(node.home(), new TunnelEntry(tunnel.get().source(), tunnel.get().destination(), node.home()), Reason.TUNNEL_SET_UP,
                    tunnel.get().destination().toString());
        } else {
            tunnels.remove(node.home(), Reason.TUNNEL_TAKEN_DOWN);
        }
    }

    private void bind4(Optional<Carriage.Tunnel> tunnel) {
        Ip4Address home4 = node.ip4().home().orElseThrow();
        tunnel.ifPresentOrElse(way -> tunnels.put(home4, new TunnelEntry(way.source(), way.destination(), home4), Reason.TUNNEL_SET_UP, way.destination().toString()),
                () -> tunnels.remove(home4, Reason.TUNNEL_TAKEN_DOWN));
    }

    /** The link is gone: nothing can be sent for now. */
    void suspend() {
        env.timers().cancel(RETRANSMISSION);
        env.timers().cancel(REFRESH);
        keepTunnelRow();
    }

    /** Away with a care-of address: tells the home agent. */
    void register() {
        Optional<Ip6Address> agent = agent();
        if (agent.isEmpty()) {
            node.discovery().start();
            return;
        }
        ListEntry entry = entry().orElseGet(() -> fresh(agent.get()));
        if (isAccepted() && entry.phase() == Phase.ACKNOWLEDGED) {
            planRefresh(entry);
            keepTunnelRow();
            node.registrations().homeAccepted();
        } else {
            transmit(entry, 0);
        }
    }

    private ListEntry fresh(Ip6Address agent) {
        return new ListEntry(agent, "", node.home(), node.location().orElse(node.home()), node.freshSequence(), true, 0, 0, 0, Phase.PENDING, Optional.empty(), 0);
    }

    /** The home agent knows of no binding: binding update at once (RFC 6275 section 11.3.6). */
    void again() {
        if (node.location().isPresent()) {
            entry().ifPresent(entry -> transmit(entry, 0));
        }
    }

    /** Sends a binding update that tells where the node is now. */
    private void transmit(ListEntry old, int retransmissions) {
        boolean away = node.location().isPresent();
        if (!node.limits().allowMessage("binding updates to home agent")) {
            if (node.list().get(old.peer()) == null) {
                node.list().put(old.peer(), old, Reason.RATE_LIMIT);
            }
            env.timers().in(RETRANSMISSION, Times.INITIAL_BINDACK_TIMEOUT, () -> entry().ifPresent(entry -> transmit(entry, retransmissions)));
            return;
        }
        IpAddress careOf = node.location().orElse(node.home());
        int sequence = old.sequence() + 1 & 0xffff;
        int units = away ? Math.max(1, Times.units(node.settings().lifetime())) : 0;
        long initial = isHeld(old) || !away ? Times.INITIAL_BINDACK_TIMEOUT : Times.INITIAL_BINDACK_TIMEOUT_FIRST_REG;
        ListEntry now = new ListEntry(old.peer(), old.peerName(), node.home(), careOf, sequence, true, old.until(), 0, retransmissions,
                away ? Phase.SENT : Phase.DEREGISTERING, away ? old.acknowledgedCareOf() : Optional.empty(), env.now());
        node.list().put(now.peer(), now, retransmissions == 0 ? Reason.BINDING_UPDATE_SENT : Reason.BINDING_UPDATE_RETRANSMITTED);
        keepTunnelRow();
        env.count("binding updates");
        BindingUpdate update = new BindingUpdate(sequence, true, true, false, node.correspondent().cooperation().keysFollow(), units, List.of());
        List<Sa> sas = node.sas(Signalling.packet(node.home(), now.peer(), update));
        if (Vouching.of(sas, node.home()).isPresent()) {
            List<IpAddress> agents = node.ip4().agents(now.peer());
            node.correspondent().cooperation().follow(true, node.home(), node.home(), agents, careOf);
            node.ip4().home().ifPresent(home4 -> node.correspondent().cooperation().follow(true, home4, node.home(), agents, careOf));
        }
        Ip6Packet packet = Signalling.packet(node.home(), now.peer(), update.withOptions(away ? options(sas, careOf) : List.of()));
        if (careOf instanceof Ip4Address) {
            stack.output().sendInTunnel(packet, tunnel(careOf, now.peer(), true), env.packet(), true);
        } else {
            stack.output().sendAsIs(Signalling.extended(packet, node.careOf(), Optional.empty()), env.packet(), true);
        }
        env.timers().in(RETRANSMISSION, Times.backOff(initial, retransmissions), () -> unanswered(now.peer()));
    }

    /** What a binding update says of where the node is, and of its IPv4 home address (RFC 5555 sections 2.3.1 and 2.3.2). */
    private List<MobilityOption> options(List<Sa> sas, IpAddress careOf) {
        List<MobilityOption> options = new ArrayList<>(switch (careOf) {
            case Ip6Address address -> Vouching.careOfOption(env.policy(), sas, address);
            case Ip4Address address -> List.of(new MobilityOption.Ip4CareOfAddress(address));
        });
        node.ip4().home().filter(home4 -> TunnelFamilies.fit(env.policy(), home4, careOf))
                .ifPresent(home4 -> options.add(new MobilityOption.Ip4HomeAddress(32, false, home4)));
        return options;
    }

    private void unanswered(Ip6Address peer) {
        ListEntry entry = node.list().get(peer);
        boolean slow = Times.backOff(Times.INITIAL_BINDACK_TIMEOUT, entry.retransmissions()) == Times.MAX_BINDACK_TIMEOUT;
        if (slow && entry.phase() == Phase.SENT && tryNextAgent(entry)) {
            return;
        }
        if (slow && node.careOf().isPresent() && node.settings().homeAgent().isEmpty()) {
            node.discovery().start(); // perhaps others serve the home link by now
        }
        transmit(entry, entry.retransmissions() + 1);
    }

    /** Turns to the next home agent that is known, if there is another (RFC 6275 section 11.7.1). */
    private boolean tryNextAgent(ListEntry entry) {
        List<Ip6Address> all = candidates();
        Ip6Address next = all.isEmpty() ? entry.peer() : all.get((all.indexOf(entry.peer()) + 1) % all.size());
        if (next.equals(entry.peer())) {
            return false;
        }
        node.list().remove(entry.peer(), Reason.UPDATE_GIVEN_UP);
        transmit(fresh(next), 0);
        return true;
    }

    /** RFC 6275 section 11.7.3; the entry awaits an acknowledgement. */
    void acknowledged(Inbound in, BindingAcknowledgement message, ListEntry entry) {
        boolean routed = in.routed().isPresent();
        boolean inTunnel = node.location().filter(Ip4Address.class::isInstance).isPresent();
        if (inTunnel && !in.tunnel().equals(node.ip4().agent())) {
            node.acknowledgementIgnored(in, "it did not come from the home agent over IPv4");
        } else if (routed != node.careOf().isPresent() && Vouching.ownTunnel(in).isEmpty()) {
            node.acknowledgementIgnored(in, routed ? "it has a routing header" : "it has no routing header");
        } else if (message.status() == BindingStatus.SEQUENCE_NUMBER_OUT_OF_WINDOW) {
            env.decided(in.packet(), Reason.BINDING_NOT_ACCEPTED, BindingStatus.name(message.status()));
            ListEntry corrected = with(entry, message.sequence(), entry.phase(), entry.until(), 0, entry.acknowledgedCareOf());
            node.list().put(entry.peer(), corrected, Reason.BINDING_NOT_ACCEPTED, BindingStatus.name(message.status()));
            transmit(corrected, 0);
        } else if (!entry.outstanding(message.sequence())) {
            node.acknowledgementIgnored(in, "sequence number " + message.sequence() + " instead of " + entry.sequence());
        } else if (entry.phase() == Phase.DEREGISTERING) {
            deregistered(in, message, entry);
        } else if (BindingStatus.isAccepted(message.status())) {
            accepted(in, message, entry);
        } else {
            refused(in, message, entry);
        }
    }

    private void accepted(Inbound in, BindingAcknowledgement message, ListEntry entry) {
        env.decided(in.packet(), Reason.BINDING_ACKNOWLEDGED);
        env.timers().cancel(RETRANSMISSION);
        long granted = Math.min(message.lifetime(), Math.max(1, Times.units(node.settings().lifetime()))) * Times.UNIT;
        long until = entry.sentAt() + granted;
        long refresh = message.option(MobilityOption.BindingRefreshAdvice.class).map(advice -> advice.interval() * Times.UNIT)
                .filter(interval -> interval < granted).orElse(granted / 2);
        ListEntry now = with(entry, entry.sequence(), Phase.ACKNOWLEDGED, until, entry.sentAt() + refresh, Optional.of(entry.careOf()));
        node.list().put(entry.peer(), now, Reason.BINDING_ACKNOWLEDGED);
        planRefresh(now);
        keepTunnelRow();
        if (message.keyManagement()) {
            node.correspondent().cooperation().ownMoved(entry.peer(), entry.careOf());
        }
        acknowledged4(in, message);
        node.registrations().homeAccepted();
        node.prefixes().registered(message.status() == BindingStatus.ACCEPTED_PREFIX_DISCOVERY_NECESSARY);
    }

    /** Whether the IPv4 home address is bound, too (RFC 5555 section 4.4.2). */
    private void acknowledged4(Inbound in, BindingAcknowledgement message) {
        node.ip4().home().ifPresent(home4 -> {
            Optional<MobilityOption.Ip4AddressAcknowledgement> option = message.option(MobilityOption.Ip4AddressAcknowledgement.class).filter(o -> o.address().equals(home4));
            boolean accepted = option.filter(MobilityOption.Ip4AddressAcknowledgement::isAccepted).isPresent();
            option.ifPresent(o -> env.decided(in.packet(), accepted ? Reason.IP4_HOME_ACCEPTED : Reason.IP4_HOME_REFUSED,
                    accepted ? new String[] {home4.toString()} : new String[] {home4.toString(), MobilityOption.Ip4AddressAcknowledgement.name(o.status())}));
            bind4(accepted ? tunnel() : Optional.empty());
        });
    }

    private void planRefresh(ListEntry entry) {
        env.timers().set(REFRESH, entry.refreshAt(), () -> node.list().find(entry.peer()).ifPresent(now -> transmit(now, 0)));
    }

    private void refused(Inbound in, BindingAcknowledgement message, ListEntry entry) {
        String status = BindingStatus.name(message.status());
        env.decided(in.packet(), Reason.BINDING_NOT_ACCEPTED, status);
        env.timers().cancel(RETRANSMISSION);
        if (message.status() != BindingStatus.DUPLICATE_ADDRESS_DETECTION_FAILED && tryNextAgent(entry)) {
            return;
        }
        ListEntry now = with(entry, entry.sequence(), Phase.REFUSED, 0, 0, Optional.empty());
        node.list().put(entry.peer(), now, Reason.BINDING_NOT_ACCEPTED, status);
        keepTunnelRow();
        if (message.status() != BindingStatus.DUPLICATE_ADDRESS_DETECTION_FAILED) {
            env.timers().in(RETRANSMISSION, Times.MAX_BINDACK_TIMEOUT, () -> transmit(now, 0));
        }
    }

    /** At home: takes the binding back, and the home address to the home link (RFC 6275 section 11.5.5). */
    void returnHome() {
        Optional<ListEntry> entry = entry();
        keepTunnelRow();
        if (entry.isPresent() && mayBeHeld(entry.get())) {
            // From now on the node answers for its home address: the home agent may have to ask for it.
            node.placeHome(node.port().name(), Reason.RETURNED_HOME);
            transmit(entry.get(), 0);
        } else if (entry.isPresent()) {
            node.list().remove(entry.get().peer(), Reason.LIFETIME_EXPIRED);
            detectDuplicates();
        } else {
            node.placeHome(node.port().name(), Reason.RETURNED_HOME);
        }
    }

    /** Nobody defended the home address for some time, so somebody else may have it. */
    private void detectDuplicates() {
        Port port = node.port();
        AddressEntry tentative = new AddressEntry(port.name(), node.home(), AddressEntry.Phase.TENTATIVE, AddressEntry.Origin.HOME, Long.MAX_VALUE, Long.MAX_VALUE);
        stack.addresses().put(tentative, Reason.DAD_STARTED);
        stack.dad().start(port, node.home(), (unique, who) -> {
            if (node.isAtHome()) {
                stack.addresses().put(tentative.withPhase(unique ? AddressEntry.Phase.PREFERRED : AddressEntry.Phase.DUPLICATE),
                        unique ? Reason.DAD_PASSED : Reason.DAD_FAILED, who);
            } else {
                node.placeHome(Addresses.NOWHERE, Reason.MOVED, "away from home");
            }
        });
    }

    private void deregistered(Inbound in, BindingAcknowledgement message, ListEntry entry) {
        if (!BindingStatus.isAccepted(message.status()) && message.status() != BindingStatus.NOT_HOME_AGENT) {
            node.acknowledgementIgnored(in, BindingStatus.name(message.status()));
            return;
        }
        env.decided(in.packet(), Reason.BINDING_ACKNOWLEDGED);
        env.timers().cancel(RETRANSMISSION);
        node.list().remove(entry.peer(), Reason.BINDING_ACKNOWLEDGED);
        stack.neighbours().announce(node.port(), node.home(), false, true);
        node.ip4().announceHome();
        if (message.keyManagement()) {
            node.correspondent().cooperation().ownMoved(entry.peer(), node.home());
        }
    }

    private static ListEntry with(ListEntry old, int sequence, Phase phase, long until, long refreshAt, Optional<IpAddress> acknowledgedCareOf) {
        return new ListEntry(old.peer(), old.peerName(), old.home(), old.careOf(), sequence, true, until, refreshAt, 0, phase, acknowledgedCareOf, old.sentAt());
    }
}
