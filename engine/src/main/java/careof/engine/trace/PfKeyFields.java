package careof.engine.trace;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.state.Sa;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import careof.engine.wire.pfkey.SelectorExtension;
import careof.engine.wire.pfkey.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a PF_KEY message says, as names with texts, numbers, lists and maps of them. Never keys. Fields that say nothing are left out; an
 * address is "2001:db8::10", with "/64" where not all of it counts, and "any" where nothing does.
 */
final class PfKeyFields {
    /** The channel of control events that carry PF_KEY. */
    static final String CHANNEL = "pf-key";
    /** Any protocol of the upper layer. */
    private static final int ANY_PROTOCOL = 255;

    private PfKeyFields() {}

    /** The fields in order; of octets that are no message "malformed" alone, which says why. */
    static Map<String, Object> of(Octets octets) {
        try {
            return of(PfKeyMessage.parse(octets));
        } catch (Malformed e) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("malformed", e.getMessage());
            return fields;
        }
    }

    private static Map<String, Object> of(PfKeyMessage message) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("message", PfKeyMessage.name(message.type()));
        if (message.errno() != 0) {
            fields.put("errno", PfKeyError.name(message.errno()));
        }
        switch (message.saType()) {
            case PfKeyMessage.ANY_SA -> { }
            case PfKeyMessage.ESP -> fields.put("satype", "ESP");
            case PfKeyMessage.AH -> fields.put("satype", "AH");
            default -> fields.put("satype", "SA type " + message.saType());
        }
        number(fields, "sequence", message.sequence());
        number(fields, "pid", message.pid());
        message.find(PfKeyExtension.Association.class).ifPresent(sa -> fields.put("spi", Sa.spi(sa.spi())));
        message.find(PfKeyExtension.SpiRange.class).ifPresent(range -> fields.put("spiRange", Sa.spi(range.least()) + "-" + Sa.spi(range.most())));
        message.find(PfKeyExtension.Sa2.class).ifPresent(sa -> {
            fields.put("mode", mode(sa.mode()));
            number(fields, "requestId", sa.requestId());
        });
        message.address(PfKeyExtension.ADDRESS_SRC).ifPresent(address -> fields.put("source", address(address)));
        message.address(PfKeyExtension.ADDRESS_DST).ifPresent(address -> fields.put("destination", address(address)));
        message.find(SelectorExtension.class).ifPresent(selector -> fields.put("selector", selector(selector)));
        message.find(PfKeyExtension.Interface.class).ifPresent(port -> fields.put("interface", port.name()));
        message.find(PolicyExtension.class).ifPresent(policy -> fields.put("policy", policy(policy, message.type() == PfKeyMessage.X_MIGRATE)));
        message.find(PfKeyExtension.KmAddress.class).ifPresent(addresses -> {
            Map<String, Object> both = new LinkedHashMap<>();
            both.put("local", addresses.local().address().toString());
            both.put("remote", addresses.remote().address().toString());
            fields.put("kmAddress", both);
        });
        if (!message.extensions().isEmpty()) {
            fields.put("extensions", message.extensions().stream().map(extension -> PfKeyExtension.name(extension.type())).toList());
        }
        return fields;
    }

    private static Map<String, Object> address(PfKeyExtension.Address address) {
        SocketAddress socket = address.socket();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("address", address.prefixLength() == 0 ? "any"
                : socket.address() + (address.prefixLength() == socket.bits() ? "" : "/" + address.prefixLength()));
        if (address.protocol() != 0 && address.protocol() != ANY_PROTOCOL) {
            fields.put("protocol", IpProtocol.name(address.protocol()));
        }
        number(fields, "port", socket.port());
        return fields;
    }

    private static Map<String, Object> selector(SelectorExtension selector) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (selector.protocol() != ANY_PROTOCOL) {
            fields.put("protocol", IpProtocol.name(selector.protocol()));
        }
        fields.put("source", range(selector.sourceLow(), selector.sourceHigh()));
        fields.put("sourcePorts", range(selector.sourcePortLow(), selector.sourcePortHigh()));
        fields.put("destination", range(selector.destinationLow(), selector.destinationHigh()));
        fields.put("destinationPorts", range(selector.destinationPortLow(), selector.destinationPortHigh()));
        return fields;
    }

    private static String range(Object low, Object high) {
        return low.equals(high) ? low.toString() : low + "-" + high;
    }

    private static Map<String, Object> policy(PolicyExtension policy, boolean migrate) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("direction", switch (policy.direction()) {
            case PolicyExtension.INBOUND -> "in";
            case PolicyExtension.OUTBOUND -> "out";
            case PolicyExtension.FORWARD -> "forward";
            default -> "direction " + policy.direction();
        });
        fields.put("action", switch (policy.policy()) {
            case PolicyExtension.DISCARD -> "discard";
            case PolicyExtension.NONE -> "bypass";
            case PolicyExtension.IPSEC -> "protect";
            default -> "policy " + policy.policy();
        });
        number(fields, "id", policy.id());
        number(fields, "priority", policy.priority());
        List<Object> requests = new ArrayList<>();
        for (PolicyExtension.Request request : policy.requests()) {
            Map<String, Object> one = new LinkedHashMap<>();
            if (migrate) {
                // they come in twos
                one.put("addresses", requests.size() % 2 == 0 ? "old" : "new");
            }
            one.put("protocol", IpProtocol.name(request.protocol()));
            one.put("mode", mode(request.mode()));
            number(one, "requestId", request.requestId());
            request.ends().ifPresent(ends -> {
                one.put("source", ends.source().address().toString());
                one.put("destination", ends.destination().address().toString());
            });
            requests.add(one);
        }
        if (!requests.isEmpty()) {
            fields.put("requests", requests);
        }
        return fields;
    }

    private static String mode(int mode) {
        return switch (mode) {
            case PolicyExtension.ANY_MODE -> "any";
            case PolicyExtension.TRANSPORT -> "transport";
            case PolicyExtension.TUNNEL -> "tunnel";
            default -> "mode " + mode;
        };
    }

    private static void number(Map<String, Object> fields, String name, long value) {
        if (value != 0) {
            fields.put(name, value);
        }
    }
}
