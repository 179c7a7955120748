package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import careof.engine.stack.Addresses;
import careof.engine.stack.Inbound;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.state.OnLinkPrefix;
import careof.engine.state.Solicitation;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message.MobilePrefixAdvertisement;
import careof.engine.wire.icmp.Icmp6Message.MobilePrefixSolicitation;
import careof.engine.wire.icmp.NdOption;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.util.Optional;

/**
 * Mobile prefix discovery, the mobile node's side (RFC 6275 sections 11.4.2 and 11.4.3): what is known of the home prefix is asked for
 * after a home registration when nothing is known, or the prefix is no longer preferred, or the home agent says so.
 */
final class PrefixDiscovery {
    private static final String WHAT = "home prefixes";
    private static final String TIMER = "prefix solicitation";
    private static final int MOST_PREFIXES = 16;
    private static final int MOST_TRIES = 5;

    private final MobileNode node;
    private final NodeEnv env;
    private final Table<String, Solicitation> question;
    private final Table<Prefix, OnLinkPrefix> prefixes;

    PrefixDiscovery(MobileNode node) {
        this.node = node;
        this.env = node.stack().env();
        this.question = env.table();
        this.prefixes = env.table();
    }

    /** The home agent accepted a binding. */
    void registered(boolean necessary) {
        OnLinkPrefix known = prefixes.get(node.settings().homePrefix());
        boolean good = known != null && known.preferredUntil() > env.now();
        if (question.get(WHAT) == null && (necessary || !good)) {
            ask(0);
        }
    }

    /** With the home address in a home address option, each time under a new random identifier. */
    private void ask(int before) {
        Optional<Ip6Address> agent = node.homeRegistration().agent();
        if (node.careOf().isEmpty() || agent.isEmpty()) {
            return;
        }
        int identifier = (int) env.draw("identifier", 0, 0xffff);
        question.put(WHAT, new Solicitation(WHAT, agent.get(), identifier, before + 1), Reason.PREFIX_DISCOVERY);
        Ip6Packet packet = Ip6Packet.of(node.home(), agent.get(), IpProtocol.ICMP6,
                new MobilePrefixSolicitation(identifier).toOctets(node.home(), agent.get()));
        node.stack().output().sendAsIs(Signalling.extended(packet, node.careOf(), Optional.empty()), 0, true);
        env.timers().in(TIMER, Times.backOff(Times.INITIAL_SOLICIT_TIMER, before), () -> {
            if (before + 1 < MOST_TRIES) {
                ask(before + 1);
            } else {
                question.remove(WHAT, Reason.UPDATE_GIVEN_UP);
            }
        });
    }

    void suspend() {
        env.timers().cancel(TIMER);
        question.remove(WHAT, Reason.MOVED, "left the link");
    }

    boolean advertisement(Inbound in, MobilePrefixAdvertisement message) {
        Solicitation asked = question.get(WHAT);
        boolean fromAgent = node.homeRegistration().agent().equals(Optional.of(in.source()));
        boolean inTunnel = in.tunnel().equals(node.homeRegistration().agent()) && !in.sas().isEmpty();
        if (!fromAgent || in.routed().isEmpty() && !inTunnel) {
            env.decided(in.packet(), Reason.ANSWER_IGNORED, fromAgent ? "no type 2 routing header" : "not from the home agent");
            return true;
        }
        if (asked == null || asked.identifier() != message.identifier()) {
            env.decided(in.packet(), Reason.ANSWER_IGNORED, "not solicited");
            if (asked == null && node.homeRegistration().isAccepted() && node.limits().allow("prefix solicitations", 1, Times.INITIAL_SOLICIT_TIMER)) {
                ask(0);
            }
            return true;
        }
        suspend();
        for (NdOption option : message.options()) {
            if (option instanceof NdOption.PrefixInformation p && p.prefixLength() <= 128 && p.prefix().isRoutableUnicast()
                    && p.preferredLifetime() <= p.validLifetime()) {
                learn(p);
            }
        }
        return true;
    }

    private void learn(NdOption.PrefixInformation option) {
        Prefix prefix = new Prefix(option.prefix(), option.prefixLength());
        if (option.validLifetime() == 0) {
            forget(prefix);
        } else if (prefixes.get(prefix) != null || prefixes.size() < MOST_PREFIXES) {
            OnLinkPrefix row = new OnLinkPrefix(Addresses.NOWHERE, prefix, option.autonomous(), until(option.preferredLifetime()), until(option.validLifetime()),
                    option.routerAddress() ? Optional.of(option.prefix()) : Optional.empty());
            prefixes.put(prefix, row, Reason.PREFIX_DISCOVERY);
            if (row.validUntil() != Long.MAX_VALUE) {
                env.timers().set("home prefix " + prefix, row.validUntil(), () -> prefixes.remove(prefix, Reason.LIFETIME_EXPIRED));
            }
        }
    }

    private void forget(Prefix prefix) {
        env.timers().cancel("home prefix " + prefix);
        prefixes.remove(prefix, Reason.PREFIX_DISCOVERY);
    }

    private long until(long seconds) {
        return seconds == NdOption.INFINITY ? Long.MAX_VALUE : env.now() + seconds * VirtualTime.SECOND;
    }
}
