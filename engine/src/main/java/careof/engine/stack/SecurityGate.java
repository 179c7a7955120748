package careof.engine.stack;

import careof.engine.base.Ip6Address;
import careof.engine.net.Port;
import careof.engine.state.Sa;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks {@link IpsecStages} and records what they say: packets of both IP versions pass here, both ways. */
final class SecurityGate {
    private final IpStack stack;
    private final NodeEnv env;

    SecurityGate(IpStack stack) {
        this.stack = stack;
        this.env = stack.env();
    }

    /**
     * Whether a packet ends here since it is not protected as it should be.
     *
     * @param whole in final form
     * @param port  where it came in; null: from this node itself
     * @param sas   that vouch for it, outermost first
     */
    boolean refuses(Packet packet, IpPacket whole, Port port, List<Sa> sas) {
        Optional<Verdict> verdict = stack.ipsec().admit(packet, whole, Optional.ofNullable(port).map(Port::name), sas);
        verdict.ifPresent(v -> env.said(packet, v));
        return verdict.isPresent() && verdict.get() instanceof Verdict.Drop;
    }

    /**
     * The SAs that are to protect a packet, in the order in which they are applied; none: it goes as it is; empty: it does not go.
     *
     * @param plain in final form
     * @param port  where it will leave; empty: not known yet
     */
    Optional<List<Sa>> wanted(Packet packet, IpPacket plain, Optional<String> port) {
        if (!stack.ipsec().isActive()) {
            return Optional.of(List.of());
        }
        return switch (stack.ipsec().wanted(plain, port)) {
            case IpsecStages.Wanted.Nothing nothing -> {
                nothing.why().ifPresent(why -> env.said(packet, why));
                yield Optional.of(List.of());
            }
            case IpsecStages.Wanted.Protection protection -> Optional.of(protection.sas());
            case IpsecStages.Wanted.Refused refused -> {
                env.said(packet, refused.why());
                yield Optional.empty();
            }
        };
    }

    static boolean hasTunnel(List<Sa> sas) {
        for (Sa sa : sas) {
            if (sa.mode() == Sa.Mode.TUNNEL) {
                return true;
            }
        }
        return false;
    }

    /** Those that are for the tunnel's own packet. */
    static List<Sa> afterTunnel(List<Sa> sas) {
        for (int i = 0; i < sas.size(); i++) {
            if (sas.get(i).mode() == Sa.Mode.TUNNEL) {
                return sas.subList(i + 1, sas.size());
            }
        }
        return List.of();
    }

    /** A packet in wire form as upper layers see it: home addresses in the header, and what said so before gone. */
    static Ip6Packet plain(Ip6Packet wire) {
        Ip6Address source = wire.originalSource();
        Ip6Address destination = wire.finalDestination();
        if (source.equals(wire.source()) && destination.equals(wire.destination())) {
            return wire;
        }
        List<ExtensionHeader> rest = new ArrayList<>();
        for (ExtensionHeader extension : wire.extensions()) {
            boolean mobile = extension instanceof ExtensionHeader.Type2Routing
                    || extension instanceof ExtensionHeader.DestinationOptions options && options.homeAddress().isPresent();
            if (!mobile) {
                rest.add(extension);
            }
        }
        return wire.withExtensions(rest).withHeader(wire.header().withSource(source).withDestination(destination));
    }
}
