package careof.engine.ipsec;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyExtension.Interface;
import careof.engine.wire.pfkey.PfKeyExtension.Lifetime;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import careof.engine.wire.pfkey.PolicyExtension.Ends;
import careof.engine.wire.pfkey.PolicyExtension.Request;
import careof.engine.wire.pfkey.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** SPD entries as PF_KEY messages, both ways. */
public final class SpdMessages {
    /** Transforms of one entry (XFRM_MAX_DEPTH of Linux). */
    static final int MOST_TEMPLATES = 6;

    private SpdMessages() {}

    /**
     * The request that makes an entry. The answer's policy extension has its id.
     *
     * @param entry its id does not count
     */
    public static PfKeyMessage add(SpdEntry entry) {
        return message(PfKeyMessage.X_SPDADD, entry);
    }

    /** As {@link #add}, but an entry with the same direction, port and selector is replaced. */
    public static PfKeyMessage update(SpdEntry entry) {
        return message(PfKeyMessage.X_SPDUPDATE, entry);
    }

    public static PfKeyMessage get(int id) {
        return byId(PfKeyMessage.X_SPDGET, id);
    }

    public static PfKeyMessage delete(int id) {
        return byId(PfKeyMessage.X_SPDDELETE2, id);
    }

    private static PfKeyMessage byId(int type, int id) {
        return PfKeyMessage.of(type, PfKeyMessage.ANY_SA, new PolicyExtension(PolicyExtension.NONE, PolicyExtension.OUTBOUND, id, 0, List.of()));
    }

    static PfKeyMessage message(int type, SpdEntry entry) {
        List<PfKeyExtension> extensions = selector(entry.selector(), entry.port());
        List<Request> requests = entry.templates().stream().map(SpdMessages::request).toList();
        extensions.add(new PolicyExtension(policy(entry.action()), direction(entry.direction()), entry.id(), entry.priority(), requests));
        return PfKeyMessage.of(type, PfKeyMessage.ANY_SA).withExtensions(extensions);
    }

    static List<PfKeyExtension> selector(Selector selector, String port) {
        List<PfKeyExtension> extensions = SelectorMessages.write(selector);
        if (!port.isEmpty()) {
            extensions.add(new Interface(port));
        }
        return extensions;
    }

    private static Request request(SpdEntry.Template t) {
        Optional<Ends> ends = t.mode() == Sa.Mode.TUNNEL ? Optional.of(ends(t.source(), t.destination())) : Optional.empty();
        return new Request(t.protocol().number(), SaMessages.mode(t.mode()), level(t.level()), t.requestId(), ends);
    }

    static Ends ends(IpAddress source, IpAddress destination) {
        return new Ends(new SocketAddress(source, 0), new SocketAddress(destination, 0));
    }

    private static int policy(SpdEntry.Action action) {
        return switch (action) {
            case PROTECT -> PolicyExtension.IPSEC;
            case BYPASS -> PolicyExtension.NONE;
            case DISCARD -> PolicyExtension.DISCARD;
        };
    }

    static int direction(SpdEntry.Direction direction) {
        return switch (direction) {
            case IN -> PolicyExtension.INBOUND;
            case OUT -> PolicyExtension.OUTBOUND;
        };
    }

    private static int level(SpdEntry.Level level) {
        return switch (level) {
            case USE -> 1;
            case REQUIRE -> 2;
            case UNIQUE -> 3;
        };
    }

    // From messages

    /** The entry that an answer tells of, or that another daemon's change was about; empty: it tells of none. */
    public static Optional<SpdEntry> entry(PfKeyMessage answer) {
        try {
            return answer.errno() == 0 ? Optional.of(read(answer, (int) policy(answer).id())) : Optional.empty();
        } catch (Refused e) {
            return Optional.empty();
        }
    }

    static PolicyExtension policy(PfKeyMessage m) throws Refused {
        return m.find(PolicyExtension.class).orElseThrow(() -> new Refused(PfKeyError.EINVAL, "lacks X_POLICY"));
    }

    static SpdEntry.Direction direction(PolicyExtension policy) throws Refused {
        return switch (policy.direction()) {
            case PolicyExtension.INBOUND -> SpdEntry.Direction.IN;
            case PolicyExtension.OUTBOUND -> SpdEntry.Direction.OUT;
            default -> throw new Refused(PfKeyError.EINVAL, "direction " + policy.direction() + " is neither in nor out");
        };
    }

    static String port(PfKeyMessage m) {
        return m.find(Interface.class).map(Interface::name).orElse("");
    }

    /** The entry that an X_SPDADD or X_SPDUPDATE asks for; of a template that is unique without a request id, it is still 0. */
    static SpdEntry read(PfKeyMessage m, int id) throws Refused {
        PolicyExtension policy = policy(m);
        SpdEntry.Direction direction = direction(policy);
        Selector selector = SelectorMessages.read(m);
        for (int type : new int[] {PfKeyExtension.LIFETIME_HARD, PfKeyExtension.LIFETIME_SOFT}) {
            Lifetime lifetime = m.find(Lifetime.class, type).orElse(new Lifetime(type, 0, 0, 0, 0));
            if (!lifetime.equals(new Lifetime(type, 0, 0, 0, 0))) {
                throw new Refused(PfKeyError.EINVAL, "policies have no lifetimes here");
            }
        }
        SpdEntry.Action action = switch (policy.policy()) {
            case PolicyExtension.DISCARD -> SpdEntry.Action.DISCARD;
            case PolicyExtension.NONE -> SpdEntry.Action.BYPASS;
            case PolicyExtension.IPSEC -> SpdEntry.Action.PROTECT;
            default -> throw new Refused(PfKeyError.EINVAL, "policy " + policy.policy() + " is for sockets, not for the SPD");
        };
        if ((action == SpdEntry.Action.PROTECT) == policy.requests().isEmpty()) {
            throw new Refused(PfKeyError.EINVAL, "transforms and the action protect come together");
        }
        if (policy.requests().size() > MOST_TEMPLATES) {
            throw new Refused(PfKeyError.ELOOP, "more than " + MOST_TEMPLATES + " transforms");
        }
        List<SpdEntry.Template> templates = new ArrayList<>();
        for (Request request : policy.requests()) {
            templates.add(template(request, direction, selector));
        }
        return new SpdEntry(id, policy.priority(), direction, port(m), selector, action, templates);
    }

    private static SpdEntry.Template template(Request request, SpdEntry.Direction direction, Selector selector) throws Refused {
        Sa.Protocol protocol = protocol(request);
        if (request.mode() == PolicyExtension.ANY_MODE) {
            throw new Refused(PfKeyError.EINVAL, "a transform without a mode");
        }
        Sa.Mode mode = SaMessages.mode(request.mode());
        SpdEntry.Level level = switch (request.level()) {
            case 1 -> SpdEntry.Level.USE;
            case 0, 2 -> SpdEntry.Level.REQUIRE;
            case 3 -> SpdEntry.Level.UNIQUE;
            default -> throw new Refused(PfKeyError.EINVAL, "level " + request.level());
        };
        if (mode == Sa.Mode.TRANSPORT) {
            IpAddress none = unspecified(selector.source());
            return new SpdEntry.Template(protocol, mode, none, none, level, request.requestId());
        }
        if (request.ends().isEmpty()) {
            throw new Refused(PfKeyError.EINVAL, "a tunnel without ends");
        }
        if (level == SpdEntry.Level.USE && direction == SpdEntry.Direction.OUT) {
            throw new Refused(PfKeyError.EINVAL, "an outbound tunnel cannot be optional");
        }
        IpAddress source = request.ends().get().source().address();
        IpAddress destination = request.ends().get().destination().address();
        if (!SaMessages.isEnd(source) || !SaMessages.isEnd(destination)) {
            throw new Refused(PfKeyError.EINVAL, "no tunnel goes from " + source + " to " + destination);
        }
        return new SpdEntry.Template(protocol, mode, source, destination, level, request.requestId());
    }

    static Sa.Protocol protocol(Request request) throws Refused {
        for (Sa.Protocol protocol : Sa.Protocol.values()) {
            if (protocol.number() == request.protocol()) {
                return protocol;
            }
        }
        throw new Refused(PfKeyError.EINVAL, "protocol " + request.protocol() + " is neither ESP nor AH");
    }

    /** What a template of transport mode has for addresses, which do not count there. */
    private static IpAddress unspecified(AddressRange family) {
        return switch (family.low()) {
            case Ip6Address _ -> Ip6Address.ANY;
            case Ip4Address _ -> Ip4Address.ANY;
        };
    }
}
