package careof.app.inspector;

import careof.app.tables.SelectorText;
import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.Selector.Ports;
import careof.engine.trace.TraceEvent.Control;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import careof.engine.wire.pfkey.SelectorExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A PF_KEY message in a line.
 *
 * @param name     of its type: "ADD", "X_MIGRATE"
 * @param toKernel a request; else an answer or a message of the kernel's own
 * @param info     what it is about
 * @param refused  it says that something was not done
 */
public record ControlText(String name, boolean toKernel, String info, boolean refused) {
    public static ControlText of(Control event) {
        try {
            PfKeyMessage message = PfKeyMessage.parse(event.octets());
            boolean refused = message.errno() != 0;
            return new ControlText(PfKeyMessage.name(message.type()), event.toKernel(), (refused ? "refused, " + PfKeyError.name(message.errno()) + "  " : "") + info(message),
                    refused);
        } catch (Malformed e) {
            return new ControlText("malformed", event.toKernel(), event.octets().length() + " octets: " + e.getMessage(), true);
        }
    }

    /** With its direction: "PF_KEY ADD to the kernel: ESP 0x00001001 ...". */
    public String line() {
        return "PF_KEY " + name + (toKernel ? " to the kernel" : " from the kernel") + (info.isEmpty() ? "" : ": " + info);
    }

    /** "2001:db8::/32", or "any". */
    private static String text(PfKeyExtension.Address address) {
        int most = address.socket().address() instanceof Ip6Address ? 128 : 32;
        return address.prefixLength() == 0 ? "any" : address.socket().address() + (address.prefixLength() == most ? "" : "/" + address.prefixLength());
    }

    private static String info(PfKeyMessage message) {
        List<String> parts = new ArrayList<>();
        switch (message.saType()) {
            case PfKeyMessage.ESP -> parts.add("ESP");
            case PfKeyMessage.AH -> parts.add("AH");
            default -> { }
        }
        message.find(PfKeyExtension.Association.class).ifPresent(a -> parts.add(Sa.spi(a.spi())));
        message.find(PolicyExtension.class).ifPresent(p -> parts.add("policy " + (p.id() == 0 ? "" : p.id() + " ") + switch (p.direction()) {
            case PolicyExtension.INBOUND -> "in";
            case PolicyExtension.OUTBOUND -> "out";
            case PolicyExtension.FORWARD -> "forward";
            default -> "of direction " + p.direction();
        } + " " + switch (p.policy()) {
            case PolicyExtension.DISCARD -> "discard";
            case PolicyExtension.NONE -> "bypass";
            case PolicyExtension.IPSEC -> "protect";
            default -> "of kind " + p.policy();
        }));
        Optional<PfKeyExtension.Address> source = message.address(PfKeyExtension.ADDRESS_SRC);
        Optional<PfKeyExtension.Address> destination = message.address(PfKeyExtension.ADDRESS_DST);
        if (source.isPresent() && destination.isPresent()) {
            String what = what(message, source.get(), destination.get());
            parts.add(text(source.get()) + " → " + text(destination.get()) + (what.isEmpty() ? "" : ", " + what));
        }
        return String.join(" ", parts);
    }

    /** Protocol and ports, of the selector extension if there is one: it rules. */
    private static String what(PfKeyMessage message, PfKeyExtension.Address source, PfKeyExtension.Address destination) {
        return message.find(SelectorExtension.class)
                .map(e -> what(e.protocol(), new Ports(e.sourcePortLow(), e.sourcePortHigh()), new Ports(e.destinationPortLow(), e.destinationPortHigh())))
                .orElseGet(() -> what(source.protocol(), ports(source), ports(destination)));
    }

    /** Protocol 0 is any, too. */
    private static String what(int protocol, Ports source, Ports destination) {
        return SelectorText.what(protocol == 0 ? Selector.ANY_PROTOCOL : protocol, source, destination);
    }

    private static Ports ports(PfKeyExtension.Address address) {
        return address.socket().port() == 0 ? Ports.ANY : Ports.of(address.socket().port());
    }
}
