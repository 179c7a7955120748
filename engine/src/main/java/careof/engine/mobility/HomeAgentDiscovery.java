package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.stack.Inbound;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.state.HomeAgentEntry;
import careof.engine.state.Solicitation;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message.HomeAgentDiscoveryReply;
import careof.engine.wire.icmp.Icmp6Message.HomeAgentDiscoveryRequest;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.util.List;

/** Dynamic home agent address discovery, the mobile node's side (RFC 6275 section 11.4.1). */
final class HomeAgentDiscovery {
    private static final String WHAT = "home agents";
    private static final int MOST_AGENTS = 16;

    private final MobileNode node;
    private final NodeEnv env;
    private final Table<String, Solicitation> question;
    private final Table<Ip6Address, HomeAgentEntry> agents;

    HomeAgentDiscovery(MobileNode node) {
        this.node = node;
        this.env = node.stack().env();
        this.question = env.table();
        this.agents = env.table();
    }

    /** Home agents in the order of the answer: the first to be tried first. */
    List<Ip6Address> found() {
        return agents.values().stream().map(HomeAgentEntry::address).toList();
    }

    /** Asks the home agents' anycast address, from the care-of address. */
    void start() {
        if (question.get(WHAT) == null) {
            ask((int) env.draw("identifier", 0, 0xffff), 0);
        }
    }

    private void ask(int identifier, int before) {
        if (node.careOf().isEmpty()) {
            return;
        }
        Ip6Address anycast = HomeAgent.anycast(node.settings().homePrefix());
        question.put(WHAT, new Solicitation(WHAT, anycast, identifier, before + 1), Reason.DISCOVERY);
        Ip6Address careOf = node.careOf().get();
        node.stack().output().sendAsIs(
                Ip6Packet.of(careOf, anycast, IpProtocol.ICMP6, new HomeAgentDiscoveryRequest(identifier).toOctets(careOf, anycast)), 0, true);
        long wait = Times.INITIAL_DHAAD_TIMEOUT << before;
        env.timers().in("home agent discovery", wait, () -> {
            if (before < Times.DHAAD_RETRIES) {
                ask(identifier, before + 1);
            } else {
                question.remove(WHAT, Reason.UPDATE_GIVEN_UP);
                start();
            }
        });
    }

    void suspend() {
        env.timers().cancel("home agent discovery");
        question.remove(WHAT, Reason.MOVED, "left the link");
    }

    boolean reply(Inbound in, HomeAgentDiscoveryReply message) {
        Solicitation asked = question.get(WHAT);
        if (asked == null || asked.identifier() != message.identifier()) {
            env.decided(in.packet(), Reason.ANSWER_IGNORED, "no such discovery is under way");
            return true;
        }
        List<Ip6Address> all = (message.homeAgents().isEmpty() ? List.of(in.source()) : message.homeAgents()).stream()
                .filter(Ip6Address::isRoutableUnicast).distinct().limit(MOST_AGENTS).toList();
        if (all.isEmpty()) {
            env.decided(in.packet(), Reason.ANSWER_IGNORED, "no address that could be a home agent's");
            return true;
        }
        env.timers().cancel("home agent discovery");
        question.remove(WHAT, Reason.DISCOVERY);
        agents.values().forEach(entry -> agents.remove(entry.address(), Reason.DISCOVERY));
        for (int i = 0; i < all.size(); i++) {
            agents.put(all.get(i), new HomeAgentEntry(Ip6Address.ANY, all.get(i), all.size() - 1 - i, Long.MAX_VALUE), Reason.HOME_AGENT_LEARNT);
        }
        if (node.careOf().isPresent()) {
            node.homeRegistration().register();
        }
        return true;
    }
}
