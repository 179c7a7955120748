package careof.app.inspector;

import careof.app.tables.SelectorText;
import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.decode.LinkType;
import careof.engine.decode.Opener;
import careof.engine.decode.SeenIke;
import careof.engine.decode.Summary;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.Selector.Ports;
import careof.engine.trace.TraceEvent.Control;
import careof.engine.trace.TraceStore;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import careof.engine.wire.pfkey.SelectorExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A PF_KEY message, or a message of IKE as it was before its encryption or after, in a line.
 *
 * @param protocol "PF_KEY" or "IKE"
 * @param name     of its type: "ADD", "X_MIGRATE", "QM1"
 * @param way      "to the kernel", "from the peer" and the like
 * @param leaves   the node's daemon sent it
 * @param info     what it is about
 * @param refused  it says that something was not done
 */
public record ControlText(String protocol, String name, String way, boolean leaves, String info, boolean refused) {
    /** The channel of PF_KEY; the other one is that of IKE. */
    private static final String PF_KEY = "pf-key";

    /** Whether a message is one of PF_KEY. */
    public static boolean isPfKey(Control event) {
        return event.channel().equals(PF_KEY);
    }

    /** A message by itself: which one of its exchange it is, is not known then. */
    public static ControlText of(Control event) {
        return of(event, Optional.empty());
    }

    /**
     * A message with the number that it has in its exchange, as the packet tells that carried it.
     *
     * @param opener of the run
     */
    public static ControlText of(Control event, TraceStore trace, Opener opener) {
        return of(event, isPfKey(event) ? Optional.empty() : trace.frameOf(event.packet()).map(sent -> Summary.of(sent.frame(), LinkType.ETHERNET, opener).shortName()));
    }

    private static ControlText of(Control event, Optional<String> name) {
        boolean leaves = event.toKernel();
        try {
            if (!isPfKey(event)) {
                SeenIke plain = SeenIke.ofPlain(event.octets());
                SeenIke seen = name.filter(known -> known.startsWith(plain.name())).map(known -> new SeenIke(plain.message(), plain.payloads(), plain.plain(), known))
                        .orElse(plain);
                return new ControlText("IKE", seen.name(), leaves ? "to the peer" : "from the peer", leaves, seen.words(), false);
            }
            PfKeyMessage message = PfKeyMessage.parse(event.octets());
            boolean refused = message.errno() != 0;
            return new ControlText("PF_KEY", PfKeyMessage.name(message.type()), leaves ? "to the kernel" : "from the kernel", leaves, (refused ? "refused, " + PfKeyError.name(message.errno()) + "  " : "") + info(message),
                    refused);
        } catch (Malformed e) {
            String end = isPfKey(event) ? "kernel" : "peer";
            return new ControlText(isPfKey(event) ? "PF_KEY" : "IKE", "malformed", (leaves ? "to the " : "from the ") + end, leaves, event.octets().length() + " octets: " + e.getMessage(), true);
        }
    }

    /** With its direction: "PF_KEY ADD to the kernel: ESP 0x00001001 ...". */
    public String line() {
        return protocol + " " + name + " " + way + (info.isEmpty() ? "" : ": " + info);
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
