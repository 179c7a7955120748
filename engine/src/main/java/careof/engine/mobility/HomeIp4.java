package careof.engine.mobility;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.net.Port;
import careof.engine.stack.Carriage;
import careof.engine.stack.IpStack;
import careof.engine.stack.TunnelFamilies;
import careof.engine.stack.Verdict;
import careof.engine.state.Binding;
import careof.engine.state.PendingRegistration;
import careof.engine.trace.Reason;
import careof.engine.wire.mobility.MobilityMessage.BindingUpdate;
import careof.engine.wire.mobility.MobilityOption;
import careof.engine.wire.mobility.MobilityOption.Ip4AddressAcknowledgement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** A home agent's IPv4 (RFC 5555 section 4.5): its own address, and which IPv4 home address belongs to which mobile node. */
public final class HomeIp4 {
    private final IpStack stack;
    private final Port port;
    private final Ip4Address address;
    private final SequencedMap<Ip6Address, Ip4Address> homes;
    private Ip6Address agent6 = Ip6Address.ANY;

    /**
     * @param port    on the home link
     * @param address of the home agent
     * @param homes   IPv4 home addresses by the IPv6 home address that they belong to
     */
    public HomeIp4(IpStack stack, Port port, Ip4Address address, SequencedMap<Ip6Address, Ip4Address> homes) {
        this.stack = stack;
        this.port = port;
        this.address = address;
        this.homes = homes;
        stack.upper().listen(Carriage.Tunnel.UDP_PORT, (in, datagram) -> MobileIp4.unwrap(stack, in, datagram, in.source() instanceof Ip4Address, agent6));
    }

    /** The home agent's IPv6 address, for which binding updates in UDP must be. */
    void serves(Ip6Address agent) {
        agent6 = agent;
    }

    Ip4Address address() {
        return address;
    }

    /** The IPv4 home address that goes with an IPv6 one. */
    Optional<Ip4Address> homeOf(IpAddress home) {
        return home instanceof Ip6Address ? Optional.ofNullable(homes.get(home)) : Optional.empty();
    }

    /** What a binding update's IPv4 home address option comes to; empty: it has none. */
    Optional<Ip4AddressAcknowledgement> judge(Ip6Address home, IpAddress careOf, BindingUpdate update) {
        return update.option(MobilityOption.Ip4HomeAddress.class).map(option -> {
            Ip4Address asked = option.address();
            int status = option.wantsPrefix() ? Ip4AddressAcknowledgement.PREFIX_UNAUTHORIZED
                    : asked.isUnspecified() ? Ip4AddressAcknowledgement.NO_DYNAMIC_ASSIGNMENT
                    : !asked.isUnicast() || option.prefixLength() != 32 ? Ip4AddressAcknowledgement.INVALID_ADDRESS
                    : !homeOf(home).equals(Optional.of(asked)) ? Ip4AddressAcknowledgement.INCORRECT_HOME_ADDRESS
                    : !TunnelFamilies.fit(stack.env().policy(), asked, careOf) ? Ip4AddressAcknowledgement.ADMINISTRATIVELY_PROHIBITED
                    : Ip4AddressAcknowledgement.SUCCESS;
            return new Ip4AddressAcknowledgement(status, status == Ip4AddressAcknowledgement.SUCCESS ? 32 : 0, asked);
        });
    }

    /** The binding and proxy of an IPv4 home address, beside those of the IPv6 one. */
    void bind(BindingCache cache, Binding home, Ip4Address home4, Reason reason) {
        cache.put(new Binding(home4, home.careOf(), home.sequence(), home.until(), true, home.protection()), reason);
        if (!stack.arp().isProxied(port, home4)) {
            stack.arp().startProxy(port, home4);
            stack.arp().announce(port, home4);
        }
    }

    /** What the acknowledgement says of IPv4. */
    static List<MobilityOption> options(PendingRegistration request) {
        List<MobilityOption> options = new ArrayList<>();
        request.home4().ifPresent(home4 -> options.add(new Ip4AddressAcknowledgement(request.status4(),
                request.status4() == Ip4AddressAcknowledgement.SUCCESS ? 32 : 0, home4)));
        if (request.source() instanceof Ip4Address) {
            options.add(new MobilityOption.NatDetection(false, MobilityOption.NatDetection.NO_NAT));
        }
        return options;
    }

    /** The tunnel to a mobile node at an IPv4 care-of address. */
    Carriage.Tunnel tunnel(Ip4Address careOf, boolean udp) {
        return new Carriage.Tunnel(address, careOf, udp);
    }

    /** Why a care-of address of IPv4 will not do, if it will not (recommendation D). */
    Optional<Verdict.Drop> misfit(Ip6Address home, Ip4Address careOf) {
        return TunnelFamilies.fit(stack.env().policy(), home, careOf) ? Optional.empty() : Optional.of(TunnelFamilies.misfit(home, careOf));
    }
}
