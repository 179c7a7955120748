package careof.engine.stack;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import careof.engine.net.Port;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message.RouterAdvertisement;
import careof.engine.wire.icmp.Icmp6Message.RouterSolicitation;
import careof.engine.wire.icmp.NdOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A router's part of router discovery (RFC 4861 section 6.2), with the additions of RFC 6275 section 7. */
public final class RouterAdvertiser {
    private static final long VALID_LIFETIME = 2_592_000;
    private static final long PREFERRED_LIFETIME = 604_800;
    /** MinDelayBetweenRAs as RFC 6275 section 7.5 allows it for links that mobile nodes visit. */
    private static final long MIN_DELAY_BETWEEN_RAS = 30 * VirtualTime.MILLISECOND;
    /** Well within MAX_RA_DELAY_TIME (500 ms), so that a handover is not ruled by this one draw. */
    private static final long MAX_RA_DELAY = 100 * VirtualTime.MILLISECOND;

    /**
     * What a port advertises.
     *
     * @param prefix    of the link
     * @param address   the router's own address in it: a home agent's prefix option carries it with the R bit
     * @param homeAgent sets the H bit and adds the home agent information option
     * @param interval  MaxRtrAdvInterval, nanoseconds
     */
    public record Settings(Prefix prefix, Ip6Address address, boolean homeAgent, long interval) {}

    private final IpStack stack;
    private final NodeEnv env;
    private final Map<String, Settings> settings = new LinkedHashMap<>();
    private final Map<String, Long> last = new LinkedHashMap<>();
    private final Map<String, Long> due = new LinkedHashMap<>();

    RouterAdvertiser(IpStack stack) {
        this.stack = stack;
        this.env = stack.env();
    }

    /** Starts advertising on a port. */
    public void start(Port port, Settings what) {
        settings.put(port.name(), what);
        schedule(port, env.draw("advertisement", 0, Math.min(what.interval / 10, MAX_RA_DELAY)));
    }

    private void schedule(Port port, long delay) {
        due.put(port.name(), env.now() + delay);
        env.timers().in("advertisement " + port.name(), delay, () -> advertise(port));
    }

    private void advertise(Port port) {
        Settings what = settings.get(port.name());
        Optional<Ip6Address> source = stack.addresses().linkLocalOf(port.name());
        if (port.carrier() && source.isPresent()) {
            List<NdOption> options = new ArrayList<>();
            options.add(new NdOption.SourceLinkLayer(port.mac()));
            options.add(new NdOption.Mtu(port.link().mtu()));
            options.add(new NdOption.PrefixInformation(what.prefix.length(), true, true, what.homeAgent, VALID_LIFETIME, PREFERRED_LIFETIME,
                    what.homeAgent ? what.address : what.prefix.address()));
            options.add(new NdOption.AdvertisementInterval(what.interval / VirtualTime.MILLISECOND));
            int lifetime = (int) Math.clamp(Math.ceilDiv(3 * what.interval, VirtualTime.SECOND), 1, 9000);
            if (what.homeAgent) {
                options.add(new NdOption.HomeAgentInformation(0, Math.max(lifetime, 1)));
            }
            stack.output().linkMessage(port, source.get(), Ip6Address.ALL_NODES, MacAddress.multicast(Ip6Address.ALL_NODES),
                    new RouterAdvertisement(64, false, false, what.homeAgent, 0, lifetime, 0, 0, options));
            last.put(port.name(), env.now());
        }
        schedule(port, env.draw("advertisement", what.interval / 3, what.interval));
    }

    /** A router answers soon, once for several askers; the delay is at most a tenth of its interval. */
    void solicitation(Inbound in, RouterSolicitation message) {
        Port port = in.port();
        Settings what = settings.get(port.name());
        if (what == null) {
            env.dropped(in.packet(), Reason.ND_IGNORED);
            return;
        }
        if (in.source().isUnspecified() && message.option(NdOption.SourceLinkLayer.class).isPresent()) {
            env.dropped(in.packet(), Reason.ND_INVALID, "unspecified source with a link-layer address");
            return;
        }
        if (!in.source().isUnspecified()) {
            message.option(NdOption.SourceLinkLayer.class)
                    .ifPresent(option -> stack.neighbours().learn(port, in.source(), option.address(), Reason.ROUTER_SOLICITATION_RECEIVED));
        }
        env.decided(in.packet(), Reason.DELIVERED, "router discovery");
        long soon = env.now() + env.draw("advertisement", 0, Math.min(MAX_RA_DELAY, what.interval / 10));
        long notBefore = last.containsKey(port.name()) ? last.get(port.name()) + MIN_DELAY_BETWEEN_RAS : 0;
        if (Math.max(soon, notBefore) < due.get(port.name())) {    // else the one that comes anyway answers (RFC 4861 section 6.2.6)
            schedule(port, Math.max(soon, notBefore) - env.now());
        }
    }
}
