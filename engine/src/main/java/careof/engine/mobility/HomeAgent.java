package careof.engine.mobility;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import careof.engine.net.Port;
import careof.engine.stack.Carriage;
import careof.engine.stack.Inbound;
import careof.engine.stack.IpStack;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Packet;
import careof.engine.stack.Table;
import careof.engine.stack.Verdict;
import careof.engine.state.AddressEntry;
import careof.engine.state.Binding;
import careof.engine.state.HomeAgentEntry;
import careof.engine.state.PendingRegistration;
import careof.engine.state.TunnelEntry;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.icmp.Icmp6Message.HomeAgentDiscoveryReply;
import careof.engine.wire.icmp.Icmp6Message.HomeAgentDiscoveryRequest;
import careof.engine.wire.icmp.Icmp6Message.MobilePrefixAdvertisement;
import careof.engine.wire.icmp.Icmp6Message.MobilePrefixSolicitation;
import careof.engine.wire.icmp.Icmp6Message.RouterAdvertisement;
import careof.engine.wire.icmp.NdOption;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.mobility.BindingStatus;
import careof.engine.wire.mobility.MobilityMessage.BindingAcknowledgement;
import careof.engine.wire.mobility.MobilityMessage.BindingUpdate;
import careof.engine.wire.mobility.MobilityOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A home agent's part (RFC 6275 section 10): home registrations, defence of home addresses on the home link, both directions of the
 * tunnels, and answers to home agent and prefix discovery. Whether a registration must be protected is for the security policy to say; one
 * that no SA vouches for is marked so.
 */
public final class HomeAgent {
    /** Interface identifier of the Mobile IPv6 Home-Agents anycast address of a /64 (RFC 2526 section 2). */
    public static final long ANYCAST = 0xfdff_ffff_ffff_fffeL;
    private static final int MOST_PENDING = 64;
    private static final int MOST_AGENTS = 64;
    /** Addresses in a discovery reply that still fits the minimum IPv6 MTU. */
    private static final int MOST_LISTED = 70;
    private static final long VALID_LIFETIME = 2_592_000;
    private static final long PREFERRED_LIFETIME = 604_800;

    private final IpStack stack;
    private final NodeEnv env;
    private final Port port;
    private final Prefix prefix;
    private final Ip6Address address;
    private final Table<Ip6Address, PendingRegistration> pending;
    private final Table<String, HomeAgentEntry> agents;
    private final Table<IpAddress, TunnelEntry> tunnels;
    private BindingCache cache;
    private Cooperation cooperation;
    private Optional<HomeIp4> ip4 = Optional.empty();

    /**
     * @param homePort   on the home link
     * @param homePrefix of the home link
     * @param address    this home agent's own, in that prefix
     */
    public HomeAgent(IpStack stack, Port homePort, Prefix homePrefix, Ip6Address address) {
        this.stack = stack;
        this.env = stack.env();
        this.port = homePort;
        this.prefix = homePrefix;
        this.address = address;
        this.pending = env.table();
        this.agents = env.table();
        this.tunnels = env.table();
        stack.autoconfiguration().configure(homePort, anycast(homePrefix), AddressEntry.Origin.ANYCAST);
    }

    /** Serves IPv4, too (RFC 5555); once, before anything runs. */
    public void serve(HomeIp4 service) {
        ip4 = Optional.of(service);
        service.serves(address);
    }

    /** The Mobile IPv6 Home-Agents anycast address of a prefix of 64 bits. */
    static Ip6Address anycast(Prefix prefix) {
        return prefix.with(ANYCAST);
    }

    /** Home registrations live in the node's one binding cache. */
    void join(CorrespondentNode correspondent) {
        cache = correspondent.cache();
        cooperation = correspondent.cooperation();
        cache.onExpired(binding -> {
            if (binding.homeRegistration()) {
                release(binding.home(), Reason.BINDING_EXPIRED);
            }
        });
    }

    private Binding registration(IpAddress home) {
        Binding binding = cache.get(home);
        return binding != null && binding.homeRegistration() ? binding : null;
    }

    /** RFC 6275 section 10.4.2. */
    Optional<Carriage.Tunnel> intercept(IpAddress destination) {
        Binding binding = registration(destination);
        return binding == null ? Optional.empty() : Optional.of(switch (binding.careOf()) {
            case Ip6Address careOf -> new Carriage.Tunnel(address, careOf);
            case Ip4Address careOf -> ip4.orElseThrow().tunnel(careOf, false);
        });
    }

    /** Reverse tunnels: only from where the mobile node is registered to be (RFC 6275 section 10.4.5). */
    Verdict decapsulate(IpAddress remote, IpAddress source) {
        Binding binding = registration(source);
        return binding != null && binding.careOf().equals(remote)
                ? Verdict.pass(Reason.TUNNEL_IN, remote).by(binding)
                : Verdict.drop(Reason.TUNNEL_UNKNOWN, remote, source).by(binding);
    }

    /** A binding update with the H bit (RFC 6275 sections 9.5.1, 10.3.1 and 10.3.2). */
    void bindingUpdate(Inbound in, BindingUpdate update) {
        Ip6Address home = in.source();
        IpAddress careOf = careOf(in, update);
        boolean deletes = update.lifetime() == 0 || careOf.equals(home);
        if (update.option(MobilityOption.NonceIndices.class).isPresent()) {
            ignore(in, "nonce indices in a home registration");
        } else if (!home.isRoutableUnicast() || in.destination().isMulticast()) {
            ignore(in, "home address " + home);
        } else if (careOf instanceof Ip4Address outer && ip4.flatMap(service -> service.misfit(home, outer)).isPresent()) {
            env.said(in.packet(), ip4.get().misfit(home, outer).get());
            answer(in, new BindingAcknowledgement(BindingStatus.ADMINISTRATIVELY_PROHIBITED, false, update.sequence(), 0, List.of()));
        } else if (careOf instanceof Ip4Address outer && !told(update, outer)) {
            env.dropped(in.packet(), Reason.NAT_DETECTED, outer.toString(), update.option(MobilityOption.Ip4CareOfAddress.class).map(o -> o.address().toString()).orElse("nothing"));
            answer(in, new BindingAcknowledgement(BindingStatus.REASON_UNSPECIFIED, false, update.sequence(), 0, List.of()));
        } else if (in.careOf().isEmpty() && !deletes && careOf instanceof Ip6Address && Vouching.ownTunnel(in).isEmpty()) {
            ignore(in, "no home address option");
        } else if (cache.get(home) != null && !cache.get(home).homeRegistration()) {
            refuse(in, update, BindingStatus.REGISTRATION_TYPE_CHANGE_DISALLOWED);
        } else if (!prefix.contains(home)) {
            refuse(in, update, BindingStatus.NOT_HOME_SUBNET);
        } else if (cache.lastSequence(home).map(last -> !Times.newer(update.sequence(), last)).orElse(false)) {
            refuse(in, update, BindingStatus.SEQUENCE_NUMBER_OUT_OF_WINDOW);
        } else if (deletes) {
            deregister(in, update);
        } else if (!(careOf instanceof Ip6Address c ? c.isRoutableUnicast() : ((Ip4Address) careOf).isUnicast())) {
            refuse(in, update, BindingStatus.INVALID_CARE_OF_ADDRESS);
        } else if (registration(home) != null) {
            authenticated(in);
            env.decided(in.packet(), Reason.BINDING_REFRESHED);
            accept(request(in, update, careOf), Reason.BINDING_REFRESHED, in.packet().id());
        } else {
            detectDuplicates(in, update, careOf);
        }
    }

    /** Where the mobile node is; in a tunnel over IPv4 it says so itself, which the outer header only confirms (RFC 5555 section 4.2). */
    private IpAddress careOf(Inbound in, BindingUpdate update) {
        return overIp4(in).filter(_ -> update.option(MobilityOption.AlternateCareOfAddress.class).isEmpty())
                .orElseGet(() -> Vouching.careOf(in, update));
    }

    /** The far end of the tunnel over IPv4 that a message came in. */
    private Optional<IpAddress> overIp4(Inbound in) {
        return in.tunnel().filter(outer -> outer instanceof Ip4Address && ip4.isPresent());
    }

    private static boolean told(BindingUpdate update, Ip4Address outer) {
        return update.option(MobilityOption.Ip4CareOfAddress.class).map(option -> option.address().equals(outer)).orElse(false);
    }

    /** Tunnels of IPsec follow a registration that an SA authenticates, those of the IPv4 home address as well. */
    private void follow(Binding.Protection protection, Ip6Address home, Ip6Address agent, IpAddress careOf) {
        if (protection == Binding.Protection.SECURITY_ASSOCIATION) {
            List<IpAddress> agents = ip4.<List<IpAddress>>map(service -> List.of(agent, service.address())).orElseGet(() -> List.of(agent));
            cooperation.follow(false, home, home, agents, careOf);
            ip4.flatMap(service -> service.homeOf(home)).ifPresent(home4 -> cooperation.follow(false, home4, home, agents, careOf));
        }
    }

    private static Binding.Protection protection(Inbound in) {
        return Vouching.of(in.sas(), in.source()).isPresent() ? Binding.Protection.SECURITY_ASSOCIATION : Binding.Protection.NONE;
    }

    /** Says which SA vouches for a home registration, where one does: whether one must is the security policy's to say. */
    private void authenticated(Inbound in) {
        Vouching.of(in.sas(), in.source()).ifPresent(sa -> env.said(in.packet(), Verdict.pass(Reason.BINDING_UPDATE_AUTHENTICATED, sa).by(sa)));
    }

    private PendingRegistration request(Inbound in, BindingUpdate update, IpAddress careOf) {
        var home4 = ip4.flatMap(service -> service.judge(in.source(), careOf, update));
        return new PendingRegistration(in.source(), careOf, cameFrom(in), in.destination(), update.sequence(), update.lifetime(), protection(in),
                keysFollow(in, update),
                home4.map(MobilityOption.Ip4AddressAcknowledgement::address), home4.map(MobilityOption.Ip4AddressAcknowledgement::status).orElse(0));
    }

    /** Whether key management follows what a binding update says: the key management mobility capability bit, of which both ends must know. */
    private boolean keysFollow(Inbound in, BindingUpdate update) {
        return update.keyManagement() && protection(in) == Binding.Protection.SECURITY_ASSOCIATION && cooperation.keysFollow();
    }

    /** Where an acknowledgement goes: to the care-of address that the binding update has on the wire, be it that of a tunnel over IPv4. */
    private IpAddress cameFrom(Inbound in) {
        return overIp4(in).orElseGet(() -> in.careOf().orElse(in.source()));
    }

    /** A first registration waits until no other node on the home link has the home address. */
    private void detectDuplicates(Inbound in, BindingUpdate update, IpAddress careOf) {
        Ip6Address home = in.source();
        boolean running = pending.get(home) != null;
        if (stack.addresses().find(home).isPresent()) {
            refuse(in, update, BindingStatus.DUPLICATE_ADDRESS_DETECTION_FAILED);
        } else if (cache.isFull() || !running && pending.size() >= MOST_PENDING) {
            refuse(in, update, BindingStatus.INSUFFICIENT_RESOURCES);
        } else if (running && !Times.newer(update.sequence(), pending.get(home).sequence())) {
            ignore(in, "sequence number " + update.sequence() + " is not newer");
        } else {
            authenticated(in);
            env.decided(in.packet(), Reason.REGISTRATION_WAITS, home.toString());
            pending.put(home, request(in, update, careOf), Reason.REGISTRATION_WAITS, home.toString());
            if (!running) {
                stack.dad().start(port, home, (unique, _) -> detected(home, unique));
            }
        }
    }

    private void detected(Ip6Address home, boolean unique) {
        PendingRegistration request = pending.get(home);
        pending.remove(home, unique ? Reason.DAD_PASSED : Reason.DAD_FAILED);
        if (unique) {
            accept(request, Reason.BINDING_CREATED, 0);
        } else {
            acknowledge(request.agent(), home, request.source(),
                    new BindingAcknowledgement(BindingStatus.DUPLICATE_ADDRESS_DETECTION_FAILED, false, request.sequence(), 0, List.of()), env.packet());
        }
    }

    private void accept(PendingRegistration request, Reason reason, long parent) {
        Ip6Address home = request.home();
        int units = (int) Math.min(request.lifetime(), VALID_LIFETIME / 4);
        Binding binding = new Binding(home, request.careOf(), request.sequence(), env.now() + units * Times.UNIT, true, request.protection());
        cache.put(binding, reason);
        bind4(request, binding, reason);
        follow(request.protection(), home, request.agent(), request.careOf());
        if (request.keyManagement()) {
            cooperation.peerMoved(home, request.careOf());
        }
        setUp(home, request.careOf());
        if (!stack.neighbours().isProxied(port, home)) {
            stack.neighbours().startProxy(port, home);
            stack.neighbours().announce(port, home, false, true);
        }
        acknowledge(request.agent(), home, request.source(),
                new BindingAcknowledgement(BindingStatus.ACCEPTED, request.keyManagement(), request.sequence(), units, HomeIp4.options(request)), parent);
    }

    private void setUp(IpAddress home, IpAddress careOf) {
        IpAddress local = careOf instanceof Ip4Address ? ip4.orElseThrow().address() : address;
        tunnels.put(home, new TunnelEntry(local, careOf, home), Reason.TUNNEL_SET_UP, careOf.toString());
    }

    /** One binding update binds both home addresses; without the option the IPv4 one is bound no more (RFC 5555 section 4.4.2.1). */
    private void bind4(PendingRegistration request, Binding binding, Reason reason) {
        if (request.home4().isPresent() && request.status4() == MobilityOption.Ip4AddressAcknowledgement.SUCCESS) {
            ip4.orElseThrow().bind(cache, binding, request.home4().get(), reason);
            setUp(request.home4().get(), request.careOf());
        } else {
            unbind4(binding.home(), Reason.BINDING_DELETED);
        }
    }

    private void unbind4(IpAddress home, Reason reason) {
        ip4.flatMap(service -> service.homeOf(home)).filter(home4 -> registration(home4) != null).ifPresent(home4 -> {
            cache.remove(home4, reason, 0);
            release(home4, reason);
        });
    }

    /** The mobile node is at home again, or gives its binding up. */
    private void deregister(Inbound in, BindingUpdate update) {
        Ip6Address home = in.source();
        if (pending.remove(home, Reason.REGISTRATION_CANCELLED) != 0) {
            stack.dad().cancel(port, home);
        } else if (registration(home) == null) {
            refuse(in, update, BindingStatus.NOT_HOME_AGENT);
            return;
        }
        authenticated(in);
        env.decided(in.packet(), Reason.BINDING_DELETED);
        cache.remove(home, Reason.BINDING_DELETED, 0);
        // A binding update that was overtaken on its way must not bring the binding back (RFC 6275 section 10.3.2).
        cache.remember(home, update.sequence(), Times.MAX_DELETE_BCE_TIMEOUT);
        release(home, Reason.BINDING_DELETED);
        unbind4(home, Reason.BINDING_DELETED);
        follow(protection(in), home, in.destination(), home);
        boolean keys = keysFollow(in, update);
        if (keys) {
            cooperation.peerMoved(home, home);
        }
        answer(in, new BindingAcknowledgement(BindingStatus.ACCEPTED, keys, update.sequence(), 0, List.of()));
    }

    /** Serves a home address no more. */
    private void release(IpAddress home, Reason reason) {
        tunnels.remove(home, reason);
        switch (home) {
            case Ip6Address address -> stack.neighbours().stopProxy(port, address);
            case Ip4Address address -> stack.arp().stopProxy(port, address);
        }
    }

    private void ignore(Inbound in, String what) {
        env.dropped(in.packet(), Reason.BINDING_UPDATE_IGNORED, what);
    }

    private void refuse(Inbound in, BindingUpdate update, int status) {
        env.dropped(in.packet(), Reason.BINDING_REFUSED, BindingStatus.name(status));
        int sequence = status == BindingStatus.SEQUENCE_NUMBER_OUT_OF_WINDOW ? cache.lastSequence(in.source()).orElse(0) : update.sequence();
        answer(in, new BindingAcknowledgement(status, false, sequence, 0, List.of()));
    }

    private void answer(Inbound in, BindingAcknowledgement message) {
        acknowledge(in.destination(), in.source(), cameFrom(in), message, in.packet().id());
    }

    /** @param to source of the binding update on the wire (RFC 6275 section 9.5.4): over IPv4 the acknowledgement goes in UDP (RFC 5555 section 4.2) */
    private void acknowledge(Ip6Address from, Ip6Address home, IpAddress to, BindingAcknowledgement message, long parent) {
        Ip6Packet plain = Signalling.packet(from, home, message);
        switch (to) {
            case Ip4Address careOf -> stack.output().sendInTunnel(plain, ip4.orElseThrow().tunnel(careOf, true), parent, true);
            case Ip6Address careOf -> stack.output().sendAsIs(
                    Signalling.extended(plain, Optional.empty(), Optional.of(careOf).filter(there -> !there.equals(home))), parent, true);
        }
    }

    /** Router Advertisements of other home agents, and the two discoveries; true: it was taken. */
    boolean icmp(Inbound in, Icmp6Message message) {
        switch (message) {
            case RouterAdvertisement m -> advertised(in, m);
            case HomeAgentDiscoveryRequest m -> discovery(in, m);
            case MobilePrefixSolicitation m -> {
                return prefixes(in, m);
            }
            case Icmp6Message.DestinationUnreachable m -> {
                return tunnelError(in, m.invoking());
            }
            case Icmp6Message.TimeExceeded m -> {
                return tunnelError(in, m.invoking());
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** A packet could not be taken to the mobile node: its sender hears that the home address cannot be reached (RFC 2473 section 8). */
    private boolean tunnelError(Inbound in, Octets invoking) {
        try {
            Ip6Header outer = Ip6Header.parse(new OctetReader(invoking));
            Octets carried = invoking.from(Ip6Header.LENGTH);
            Ip6Header inner = Ip6Header.parse(new OctetReader(carried));
            Binding binding = registration(inner.destination());
            if (outer.nextHeader() != IpProtocol.IP6 || binding == null || !outer.source().equals(address) || !outer.destination().equals(binding.careOf())) {
                return false;
            }
            env.decided(in.packet(), Reason.TUNNEL_ERROR, inner.source().toString());
            stack.errors().unreachable(new Packet(in.packet().id(), in.packet().parent(), true, carried), Icmp6Message.DestinationUnreachable.ADDRESS);
            return true;
        } catch (Malformed e) {
            return false; // too little is quoted to know whose packet it was
        }
    }

    /** Keeps the home agents list (RFC 6275 section 10.5.1). */
    private void advertised(Inbound in, RouterAdvertisement message) {
        if (in.port() != port) {
            return;
        }
        Optional<NdOption.HomeAgentInformation> information = message.option(NdOption.HomeAgentInformation.class);
        int preference = information.map(NdOption.HomeAgentInformation::preference).orElse(0);
        long lifetime = information.map(NdOption.HomeAgentInformation::lifetime).orElse(message.routerLifetime()) * VirtualTime.SECOND;
        if (!message.homeAgent() || lifetime == 0) {
            for (HomeAgentEntry entry : agents.values()) {
                if (entry.linkLocal().equals(in.source())) {
                    forget(entry);
                }
            }
            return;
        }
        for (NdOption option : message.options()) {
            if (option instanceof NdOption.PrefixInformation p && p.routerAddress() && p.prefix().isRoutableUnicast()) {
                HomeAgentEntry entry = new HomeAgentEntry(in.source(), p.prefix(), preference, env.now() + lifetime);
                HomeAgentEntry old = agents.get(entry.key());
                boolean soon = old == null || old.until() < entry.until() - lifetime / 10 || old.until() > entry.until();
                if (old == null && agents.size() >= MOST_AGENTS || old != null && old.preference() == preference && !soon) {
                    continue;
                }
                agents.put(entry.key(), entry, Reason.HOME_AGENT_LEARNT);
                env.timers().set("home agent " + entry.key(), entry.until(), () -> agents.remove(entry.key(), Reason.HOME_AGENT_EXPIRED));
            }
        }
    }

    private void forget(HomeAgentEntry entry) {
        env.timers().cancel("home agent " + entry.key());
        agents.remove(entry.key(), Reason.HOME_AGENT_EXPIRED);
    }

    /** All home agents of the home link, the best first, equals in random order (RFC 6275 section 10.5.1). */
    private void discovery(Inbound in, HomeAgentDiscoveryRequest message) {
        Map<Ip6Address, Long> draws = new LinkedHashMap<>();
        List<HomeAgentEntry> all = new ArrayList<>(agents.values());
        all.add(new HomeAgentEntry(Ip6Address.ANY, address, 0, Long.MAX_VALUE));
        all.forEach(entry -> draws.put(entry.address(), env.bits("home agents")));
        List<Ip6Address> listed = all.stream()
                .sorted(Comparator.comparingInt((HomeAgentEntry entry) -> -entry.preference()).thenComparing(entry -> draws.get(entry.address())))
                .map(HomeAgentEntry::address).distinct().limit(MOST_LISTED).toList();
        send(in.source(), new HomeAgentDiscoveryReply(message.identifier(), listed), in.packet().id());
    }

    /** Only to a mobile node that is registered, by way of its care-of address or its tunnel of IPsec (RFC 6275 section 10.6.3). */
    private boolean prefixes(Inbound in, MobilePrefixSolicitation message) {
        if (in.careOf().isEmpty() && Vouching.ownTunnel(in).isEmpty() || registration(in.source()) == null) {
            return false;
        }
        send(in.source(), new MobilePrefixAdvertisement(message.identifier(), false, false,
                List.of(new NdOption.PrefixInformation(prefix.length(), true, true, true, VALID_LIFETIME, PREFERRED_LIFETIME, address))), in.packet().id());
        return true;
    }

    private void send(Ip6Address to, Icmp6Message message, long parent) {
        stack.output().send(Ip6Packet.of(address, to, IpProtocol.ICMP6, message.toOctets(address, to)), parent, true);
    }
}
