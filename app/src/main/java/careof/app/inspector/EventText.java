package careof.app.inspector;

import careof.engine.decode.LinkType;
import careof.engine.decode.Opener;
import careof.engine.decode.Summary;
import careof.engine.policy.Recommendation;
import careof.engine.state.AttackRule;
import careof.engine.state.HeldFrame;
import careof.engine.state.Acquire;
import careof.engine.state.AddressEntry;
import careof.engine.state.Binding;
import careof.engine.state.BindingUse;
import careof.engine.state.Counter;
import careof.engine.state.DefaultRouter;
import careof.engine.state.DeletedBinding;
import careof.engine.state.FlowEnd;
import careof.engine.state.HomeAgentEntry;
import careof.engine.state.HostHearing;
import careof.engine.state.IkeChild;
import careof.engine.state.IkeExchange;
import careof.engine.state.IkeSa;
import careof.engine.state.InFlight;
import careof.engine.state.Ip4AddressEntry;
import careof.engine.state.LinkState;
import careof.engine.state.ListEntry;
import careof.engine.state.ModeEntry;
import careof.engine.state.MovementState;
import careof.engine.state.Neighbour;
import careof.engine.state.Nonce;
import careof.engine.state.OnLinkPrefix;
import careof.engine.state.PathMtu;
import careof.engine.state.PendingRegistration;
import careof.engine.state.PortState;
import careof.engine.state.ProxyEntry;
import careof.engine.state.RateLimit;
import careof.engine.state.Reassembly;
import careof.engine.state.Registration;
import careof.engine.state.ReturnRoutabilityEntry;
import careof.engine.state.Route;
import careof.engine.state.Sa;
import careof.engine.state.SaUse;
import careof.engine.state.Solicitation;
import careof.engine.state.SpdEntry;
import careof.engine.state.State;
import careof.engine.state.Switches;
import careof.engine.state.ThroughHome;
import careof.engine.state.TimerState;
import careof.engine.state.Transmitter;
import careof.engine.state.TunnelEntry;
import careof.engine.trace.Masking;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceEvent.Relation;
import java.util.Optional;

/** Events in words. */
public final class EventText {
    private EventText() {}

    /** One line without the node's name; what is protected stays unread. */
    public static String of(TraceEvent event) {
        return of(event, Opener.NONE);
    }

    /** One line without the node's name. */
    public static String of(TraceEvent event, Opener opener) {
        return switch (event) {
            case TraceEvent.Started e -> "run of \"" + e.lab() + "\" with " + (Masking.isMasked(e) ? "a seed that is not known" : "seed " + e.seed());
            case TraceEvent.Acted e -> e.text();
            case TraceEvent.FrameSent e -> Summary.of(e.frame(), LinkType.ETHERNET, opener).label() + " put on " + e.link()
                    + (e.arrivals().isEmpty() ? ", nobody gets it" : "");
            case TraceEvent.FrameArrived e -> "frame arrived from " + e.link();
            case TraceEvent.Derived e -> relation(e.relation()) + " packet " + e.parent();
            case TraceEvent.Control e -> ControlText.of(e).line();
            case TraceEvent.Decided e -> e.reason().text(e.args());
            case TraceEvent.Dropped e -> "dropped: " + e.reason().text(e.args());
            case TraceEvent.Changed e -> noun(e.row()) + " " + e.row().key() + (e.old().isEmpty() ? " came" : e.now().isEmpty() ? " went" : " changed")
                    + ": " + e.reason().text(e.args());
        };
    }

    /** The section that ruled; empty when none did. */
    public static String section(TraceEvent event) {
        return switch (event) {
            case TraceEvent.Decided e -> e.reason().section();
            case TraceEvent.Dropped e -> e.reason().section();
            case TraceEvent.Changed e -> e.reason().section();
            case TraceEvent.Started _, TraceEvent.Acted _, TraceEvent.FrameSent _, TraceEvent.FrameArrived _, TraceEvent.Derived _, TraceEvent.Control _ -> "";
        };
    }

    /** The recommendation whose question was answered; empty: none. */
    public static Optional<Recommendation> rule(TraceEvent event) {
        return switch (event) {
            case TraceEvent.Decided e -> e.reason().rule();
            case TraceEvent.Dropped e -> e.reason().rule();
            case TraceEvent.Changed e -> e.reason().rule();
            case TraceEvent.Started _, TraceEvent.Acted _, TraceEvent.FrameSent _, TraceEvent.FrameArrived _, TraceEvent.Derived _, TraceEvent.Control _ ->
                Optional.empty();
        };
    }

    /** The table row that was looked at, "kind key"; empty: none. */
    public static String entry(TraceEvent event) {
        return switch (event) {
            case TraceEvent.Decided e -> e.entry();
            case TraceEvent.Dropped e -> e.entry();
            case TraceEvent.Changed _, TraceEvent.Started _, TraceEvent.Acted _, TraceEvent.FrameSent _, TraceEvent.FrameArrived _, TraceEvent.Derived _,
                TraceEvent.Control _ -> "";
        };
    }

    private static String relation(Relation relation) {
        return switch (relation) {
            case FORWARDED -> "forwarded from";
            case ENCAPSULATED -> "outer packet around";
            case DECAPSULATED -> "taken out of";
            case FRAGMENT -> "fragment of";
            case REASSEMBLED -> "reassembled, last from";
            case EXTENDED -> "home address options applied to";
            case ANSWER -> "answer to";
            case PROTECTED -> "protected form of";
            case OPENED -> "opened from";
        };
    }

    private static String noun(State row) {
        return switch (row) {
            case PortState _ -> "port";
            case AddressEntry _, Ip4AddressEntry _ -> "address";
            case Neighbour _ -> "neighbour";
            case Route _ -> "route";
            case DefaultRouter _ -> "default router";
            case OnLinkPrefix _ -> "prefix";
            case PathMtu _ -> "path MTU";
            case Reassembly _ -> "reassembly";
            case TimerState _ -> "timer";
            case LinkState _ -> "link";
            case Transmitter _ -> "transmitter";
            case InFlight _ -> "frame on its way";
            case FlowEnd _ -> "flow";
            case HostHearing _ -> "what a host hears";
            case Counter _ -> "counter";
            case RateLimit _ -> "rate limit";
            case Binding _ -> "binding";
            case ListEntry _ -> "binding update list entry";
            case ReturnRoutabilityEntry _ -> "return routability";
            case Nonce _ -> "nonce";
            case ProxyEntry _ -> "proxied address";
            case HomeAgentEntry _ -> "home agent";
            case TunnelEntry _ -> "tunnel";
            case MovementState _ -> "state of";
            case ModeEntry _ -> "mode towards";
            case DeletedBinding _ -> "deleted binding";
            case PendingRegistration _ -> "pending registration";
            case Solicitation _ -> "solicitation";
            case ThroughHome _ -> "way through the home agent for";
            case BindingUse _ -> "use of binding";
            case Sa _ -> "security association";
            case SaUse _ -> "use of security association";
            case SpdEntry _ -> "security policy";
            case Switches _ -> "recommendations off";
            case AttackRule _ -> "attack";
            case HeldFrame _ -> "frame kept by an attacker";
            case Acquire _ -> "request for an SA";
            case Registration _ -> "registration of a daemon";
            case IkeSa _ -> "phase one";
            case IkeExchange _ -> "exchange";
            case IkeChild _ -> "SA pair of a quick mode";
        };
    }
}
