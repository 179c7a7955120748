package careof.engine.ipsec;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import careof.engine.state.Sa;
import careof.engine.trace.TraceEvent;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ipsec.AhHeader;
import careof.engine.wire.ipsec.EspHeader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The SAs that a trace has shown on any node, also those that are gone: who reads the trace can look with their keys into what crossed its links.
 * Extended sequence numbers are taken as if their high half were still zero.
 */
public final class KnownSas {
    private final Map<Long, List<Sa>> bySpi = new LinkedHashMap<>();
    private final Map<Sa, EspTransform> transforms = new LinkedHashMap<>();

    /**
     * What lies under AH or ESP.
     *
     * @param sa         whose keys fit; of AH: one with this SPI
     * @param nextHeader what {@code payload} is
     */
    public record Inside(Sa sa, int nextHeader, Octets payload) {}

    /** Learns from the next event of the trace. */
    public void add(TraceEvent event) {
        if (event instanceof TraceEvent.Changed changed && changed.now().orElse(null) instanceof Sa sa && sa.phase() != Sa.Phase.LARVAL) {
            List<Sa> same = bySpi.computeIfAbsent(sa.spi(), _ -> new ArrayList<>());
            // what moves or ages in an SA does not matter here
            if (same.stream().noneMatch(known -> known.protocol() == sa.protocol() && known.encryptionKey().equals(sa.encryptionKey())
                    && known.authenticationKey().equals(sa.authenticationKey()))) {
                same.add(sa);
            }
        }
    }

    /** What lies under the AH or ESP that a packet's payload begins with; empty: no known key opens it. */
    public Optional<Inside> open(IpPacket packet) {
        try {
            return switch (packet.protocol()) {
                case IpProtocol.ESP -> esp(packet.payload());
                case IpProtocol.AH -> ah(packet.payload());
                default -> Optional.empty();
            };
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    private Optional<Inside> esp(Octets payload) throws Malformed {
        EspHeader header = EspHeader.parse(new OctetReader(payload));
        for (Sa sa : bySpi.getOrDefault(header.spi(), List.of())) {
            if (sa.protocol() == Sa.Protocol.ESP
                    && transforms.computeIfAbsent(sa, EspTransform::new).open(payload, header.sequence()) instanceof Unwrapped.Payload inside) {
                return Optional.of(new Inside(sa, inside.nextHeader(), inside.payload()));
            }
        }
        return Optional.empty();
    }

    private Optional<Inside> ah(Octets payload) throws Malformed {
        AhHeader header = AhHeader.parse(new OctetReader(payload));
        return bySpi.getOrDefault(header.spi(), List.of()).stream().filter(sa -> sa.protocol() == Sa.Protocol.AH).findFirst()
                .map(sa -> new Inside(sa, header.nextHeader(), payload.from(header.length())));
    }
}
