package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.policy.Policy;
import careof.engine.stack.Inbound;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.wire.mobility.MobilityMessage.BindingUpdate;
import careof.engine.wire.mobility.MobilityOption;
import java.util.List;
import java.util.Optional;

/**
 * What IPsec vouches for (the draft's sections 2.2 and 2.5). The same questions are asked of SAs that a packet came through and of those that
 * will protect one.
 */
final class Vouching {
    private Vouching() {}

    /**
     * The SA that makes sure that packets come from who owns an address: it authenticates, and the address is its own. An SA that carries the
     * packets of many, such as a home agent's tunnel, vouches for none of them.
     *
     * @param sas of one packet
     */
    static Optional<Sa> of(List<Sa> sas, Ip6Address source) {
        return sas.stream().filter(Sa::authenticates)
                .filter(sa -> sa.source().equals(source) || sa.mode() == Sa.Mode.TUNNEL && sa.selector().source().equals(AddressRange.of(source))).findFirst();
    }

    /** Recommendation E1: the SA by which a binding update, or its acknowledgement, is authenticated. */
    static Optional<Sa> ofRegistration(Policy policy, List<Sa> sas, Ip6Address source) {
        return policy.saAuthenticatesBindingUpdate() ? of(sas, source) : Optional.empty();
    }

    /**
     * Recommendation E2: what a binding update has to say itself of its care-of address. AH covers the source address on the wire, ESP does not.
     *
     * @param sas that will protect it
     */
    static List<MobilityOption> careOfOption(Policy policy, List<Sa> sas, Ip6Address careOf) {
        boolean covered = sas.stream().anyMatch(sa -> sa.protocol() == Sa.Protocol.AH);
        return !covered && policy.tellsCareOfAddressInside() ? List.of(new MobilityOption.AlternateCareOfAddress(careOf)) : List.of();
    }

    /**
     * The care-of address of a binding update: what it says itself, else where it came from on the wire, be it with a home address option or in
     * the mobile node's own tunnel.
     */
    static Ip6Address careOf(Inbound in, BindingUpdate update) {
        return update.option(MobilityOption.AlternateCareOfAddress.class).map(MobilityOption.AlternateCareOfAddress::address)
                .or(in::careOf).or(() -> ownTunnel(in)).orElse(in.source());
    }

    /** Where the sender of a packet is, if it came in a tunnel of its own, which ends nowhere else. */
    static Optional<Ip6Address> ownTunnel(Inbound in) {
        boolean own = !in.sas().isEmpty() && in.sas().getLast().mode() == Sa.Mode.TUNNEL && of(List.of(in.sas().getLast()), in.source()).isPresent();
        return in.tunnel().filter(_ -> own).filter(Ip6Address.class::isInstance).map(Ip6Address.class::cast);
    }
}
