package careof.engine.trace;

import careof.engine.policy.Recommendation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why something was decided: a code for machines, the section that rules, and a sentence for people whose {@code {names}}
 * an event's arguments fill in order.
 *
 * <p>The order of constants is part of the trace's binary form: append new ones at the end.
 */
public enum Reason {
    // The run, links, ports
    CONFIGURED("configured", "lab file", "set up from the lab file"),
    USER_ACTION("user-action", "input", "changed by an action"),
    TIMER_SET("timer-set", "", "timer set for {due}"),
    TIMER_CANCELLED("timer-cancelled", "", "timer cancelled"),
    TIMER_FIRED("timer-fired", "", "timer fired"),
    ATTACHED("attached", "", "attached to {link}"),
    DETACHED("detached", "", "detached from {link}"),
    LINK_LOSS("link-loss", "lab file", "lost on link {link} (loss {loss})"),
    LINK_DOWN("link-down", "lab file", "link {link} is down"),
    QUEUE_FULL("queue-full", "lab file", "the port's queue of {queue} frames on {link} is full"),
    NO_CARRIER("no-carrier", "lab file", "port {port} has no carrier"),
    COUNTED("counted", "", "counted up"),

    // IPv6 input
    MALFORMED("malformed", "RFC 8200 section 4", "malformed: {what} at octet {at}"),
    NOT_FOR_US("not-for-us", "RFC 8200 section 3", "destination {destination} is no address of this node, which does not forward"),
    UNKNOWN_ETHER_TYPE("unknown-ether-type", "RFC 2464", "EtherType {type} has no handler"),
    BAD_SOURCE("bad-source", "RFC 4291 section 2.5.2", "source {source} may not be a source address"),
    RH0("rh0", "RFC 5095 section 3", "routing header type 0 is refused"),
    UNKNOWN_ROUTING_TYPE("unknown-routing-type", "RFC 8200 section 4.4", "routing header type {type} with segments left is unknown"),
    UNKNOWN_OPTION("unknown-option", "RFC 8200 section 4.2", "option {type} is unknown and its action bits say discard"),
    UNKNOWN_NEXT_HEADER("unknown-next-header", "RFC 8200 section 4", "next header {protocol} has no handler"),
    NO_LISTENER("no-listener", "RFC 4443 section 3.1", "nobody listens on UDP port {port}"),
    HOP_LIMIT("hop-limit", "RFC 8200 section 3", "hop limit ran out"),
    NO_ROUTE("no-route", "RFC 4443 section 3.1", "no route to {destination}"),
    TOO_BIG("too-big", "RFC 8200 section 5", "{size} octets do not fit the next link's MTU of {mtu}"),
    UNREACHABLE("unreachable", "RFC 4861 section 7.2.2", "address resolution of {neighbour} failed"),
    RESOLUTION_QUEUE_FULL("resolution-queue-full", "RFC 4861 section 7.2.2", "too many packets wait for {neighbour}"),
    SCOPE("scope", "RFC 4007 section 9", "link-local {address} does not leave its link"),
    FORWARDED("forwarded", "RFC 8200 section 3", "forwarded to {next} on {port}"),
    DELIVERED("delivered", "", "delivered to {protocol}"),
    SENT("sent", "", "sent to {next} on {port}"),
    FRAGMENTED("fragmented", "RFC 8200 section 4.5", "cut into {count} fragments for a path MTU of {mtu}"),
    REASSEMBLED("reassembled", "RFC 8200 section 4.5", "put together from {count} fragments"),
    FRAGMENT_HELD("fragment-held", "RFC 8200 section 4.5", "fragment kept until the rest comes"),
    FRAGMENT_OVERLAP("fragment-overlap", "RFC 5722 section 4", "fragments overlap: the whole packet is given up"),
    FRAGMENT_TIMEOUT("fragment-timeout", "RFC 8200 section 4.5", "fragments did not all come in 60 s"),
    FRAGMENT_BOUNDS("fragment-bounds", "RFC 8200 section 4.5", "fragment is not well-formed: {what}"),
    REASSEMBLY_FULL("reassembly-full", "RFC 8200 section 4.5", "too many packets are being reassembled"),
    PATH_MTU("path-mtu", "RFC 8201 section 4", "path MTU to {destination} is {mtu}"),
    ERROR_RATE("error-rate", "RFC 4443 section 2.4 (f)", "ICMPv6 error not sent: rate limit"),
    ERROR_FORBIDDEN("error-forbidden", "RFC 4443 section 2.4 (e)", "ICMPv6 error not sent about such a packet"),

    // Neighbor Discovery
    ND_BAD_HOP_LIMIT("nd-bad-hop-limit", "RFC 4861 section 6.1", "Neighbor Discovery message with hop limit {hops} instead of 255"),
    ND_INVALID("nd-invalid", "RFC 4861 section 7.1", "Neighbor Discovery message is invalid: {what}"),
    ND_IGNORED("nd-ignored", "RFC 4861 section 7.1", "Neighbor Discovery message does not concern this node"),
    RESOLUTION_STARTED("resolution-started", "RFC 4861 section 7.2.2", "address resolution started"),
    RESOLUTION_RETRIED("resolution-retried", "RFC 4861 section 7.2.2", "solicitation sent again"),
    SOLICITATION_RECEIVED("solicitation-received", "RFC 4861 section 7.2.3", "learnt from a Neighbor Solicitation"),
    ADVERTISEMENT_RECEIVED("advertisement-received", "RFC 4861 section 7.2.5", "learnt from a Neighbor Advertisement"),
    ROUTER_ADVERTISEMENT_RECEIVED("router-advertisement-received", "RFC 4861 section 6.3.4", "learnt from a Router Advertisement"),
    ROUTER_SOLICITATION_RECEIVED("router-solicitation-received", "RFC 4861 section 6.2.6", "learnt from a Router Solicitation"),
    REACHABLE_EXPIRED("reachable-expired", "RFC 4861 section 7.3.3", "not confirmed for ReachableTime"),
    PROBE_STARTED("probe-started", "RFC 4861 section 7.3.3", "reachability is probed"),
    NEIGHBOUR_GONE("neighbour-gone", "RFC 4861 section 7.3.3", "no answer to {probes} probes"),
    NEIGHBOUR_CACHE_FULL("neighbour-cache-full", "RFC 4861 section 7.3", "the neighbour cache has no room"),
    PACKET_QUEUED("packet-queued", "RFC 4861 section 7.2.2", "waits for address resolution"),
    DAD_STARTED("dad-started", "RFC 4862 section 5.4", "duplicate address detection started"),
    DAD_PASSED("dad-passed", "RFC 4862 section 5.4", "duplicate address detection passed"),
    DAD_FAILED("dad-failed", "RFC 4862 section 5.4.5", "duplicate address: {who} has it"),
    DAD_OPTIMISTIC("dad-optimistic", "RFC 4429 section 3.1", "optimistic while duplicate address detection runs"),
    LIFETIME_EXPIRED("lifetime-expired", "RFC 4862 section 5.5.4", "lifetime ran out"),
    ROUTER_LOST("router-lost", "RFC 6275 section 11.5.1", "the default router is gone"),
    ROUTE_ADDED("route-added", "drawing", "route follows from the drawing"),

    // Traffic
    FLOW_SENT("flow-sent", "lab file", "packet {sequence} of {flow}"),
    FLOW_RECEIVED("flow-received", "lab file", "packet {sequence} of {flow} arrived"),
    ECHO_REPLIED("echo-replied", "RFC 4443 section 4.2", "echo request answered"),

    // Mobility, RFC 6275; names of the draft
    HAO_UNVERIFIED("hao-unverified", "RFC 6275 section 9.3.1", "home address {home} has no binding to {careOf}"),
    HAO_VERIFIED("hao-verified", "RFC 6275 section 9.3.1", "home address {home} is verified by a binding"),
    HAO_FOR_BINDING_UPDATE("hao-for-binding-update", "RFC 6275 section 9.3.1", "home address {home} of a binding update is checked with it"),
    HAO_INVALID("hao-invalid", "RFC 6275 section 9.3.1", "{home} may not be a home address"),
    RH2_FINAL("rh2-final", "RFC 6275 section 6.4", "type 2 routing header for our home address {home}"),
    RH2_INVALID("rh2-invalid", "RFC 6275 section 6.4", "type 2 routing header is not acceptable: {what}"),
    TUNNEL_IN("tunnel-in", "RFC 2473 section 3.3", "taken out of the tunnel from {remote}"),
    TUNNEL_OUT("tunnel-out", "RFC 2473 section 3.1", "put into the tunnel to {remote}"),
    TUNNEL_UNKNOWN("tunnel-unknown", "RFC 6275 section 10.4.5", "tunnel from {remote} for {inner} is not known"),
    TUNNEL_LOOP("tunnel-loop", "RFC 2473 section 4.1", "too many nested tunnels"),
    INTERCEPTED("intercepted", "RFC 6275 section 10.4.2", "taken on the home link for {home}"),
    MH_INVALID("mh-invalid", "RFC 6275 section 9.2", "Mobility Header is invalid: {what}"),
    MH_UNKNOWN_TYPE("mh-unknown-type", "RFC 6275 section 9.2", "Mobility Header type {type} is unknown"),
    MH_NOT_FOR_ROLE("mh-not-for-role", "RFC 6275 section 9.2", "{message} does not concern a {role}"),
    BINDING_CREATED("binding-created", "RFC 6275 section 9.5.2", "binding update accepted"),
    BINDING_REFRESHED("binding-refreshed", "RFC 6275 section 9.5.2", "binding update accepted again"),
    BINDING_DELETED("binding-deleted", "RFC 6275 section 9.5.3", "binding deleted at the mobile node's request"),
    BINDING_EXPIRED("binding-expired", "RFC 6275 section 9.6", "lifetime ran out"),
    BINDING_REFUSED("binding-refused", "RFC 6275 section 9.5.1", "binding update refused: {status}"),
    BINDING_UPDATE_IGNORED("binding-update-ignored", "RFC 6275 section 9.5.1", "binding update ignored: {what}"),
    BINDING_UPDATE_SENT("binding-update-sent", "RFC 6275 section 11.7", "binding update sent"),
    BINDING_UPDATE_RETRANSMITTED("binding-update-retransmitted", "RFC 6275 section 11.8", "no acknowledgement: binding update sent again"),
    BINDING_ACKNOWLEDGED("binding-acknowledged", "RFC 6275 section 11.7.3", "binding acknowledgement accepted"),
    BINDING_ACKNOWLEDGEMENT_IGNORED("binding-acknowledgement-ignored", "RFC 6275 section 11.7.3", "binding acknowledgement ignored: {what}"),
    BINDING_NOT_ACCEPTED("binding-not-accepted", "RFC 6275 section 11.7.3", "the peer refused: {status}"),
    BINDING_ERROR_RECEIVED("binding-error-received", "RFC 6275 section 11.3.6", "binding error {status} from {peer}"),
    BINDING_ERROR_IGNORED("binding-error-ignored", "RFC 6275 section 11.3.6", "binding error ignored: {what}"),
    BINDING_ERROR_SENT("binding-error-sent", "RFC 6275 section 9.3.3", "binding error {status} sent"),
    REFRESH_REQUESTED("refresh-requested", "RFC 6275 section 9.5.5", "binding refresh request"),
    TEST_STARTED("test-started", "RFC 6275 section 11.6.1", "return routability started"),
    TEST_RETRIED("test-retried", "RFC 6275 section 11.8", "test init sent again"),
    HOME_TEST_RECEIVED("home-test-received", "RFC 6275 section 11.6.2", "home keygen token came"),
    CARE_OF_TEST_RECEIVED("care-of-test-received", "RFC 6275 section 11.6.2", "care-of keygen token came"),
    TEST_IGNORED("test-ignored", "RFC 6275 section 11.6.2", "test message ignored: {what}"),
    NONCE_MADE("nonce-made", "RFC 6275 section 5.2.2", "new nonce"),
    NONCE_EXPIRED("nonce-expired", "RFC 6275 section 5.2.2", "nonce is too old"),
    PROXY_STARTED("proxy-started", "RFC 6275 section 10.4.1", "answers for the home address"),
    PROXY_ENDED("proxy-ended", "RFC 6275 section 10.4.1", "answers no more for the home address"),
    MOVED("moved", "RFC 6275 section 11.5", "movement: {what}"),
    CARE_OF_ADDRESS("care-of-address", "RFC 6275 section 11.5.3", "new care-of address"),
    RETURNED_HOME("returned-home", "RFC 6275 section 11.5.5", "back at home"),
    HOME_AGENT_LEARNT("home-agent-learnt", "RFC 6275 section 10.5", "home agent learnt"),
    HOME_AGENT_EXPIRED("home-agent-expired", "RFC 6275 section 10.1", "home agent's lifetime ran out"),
    DISCOVERY("discovery", "RFC 6275 section 11.4.1", "home agent address discovery"),
    MODE_SET("mode-set", "draft section 1", "mode with {peer}: {mode}"),
    RATE_LIMIT("rate-limit", "RFC 6275 section 9.3.3", "not sent: rate limit"),

    // Later ones
    FRAGMENT_DUPLICATE("fragment-duplicate", "RFC 8200 section 4.5", "the same fragment came already"),
    LOOPED("looped", "RFC 8200 section 3", "to an address of this node: stays here"),
    OVERHEARD("overheard", "RFC 2464 section 6", "frame for another port, which this one took too"),
    UNICAST_TO_ALL("unicast-to-all", "RFC 1122 section 3.3.6", "unicast packet in a frame to all"),
    NOT_LISTENING("not-listening", "RFC 8200 section 3", "multicast group that this node does not listen to"),
    TEST_ANSWERED("test-answered", "RFC 6275 section 9.4", "{message} answered"),
    REGISTRATION_WAITS("registration-waits", "RFC 6275 section 10.3.1", "waits for duplicate address detection of {home}"),
    REGISTRATION_CANCELLED("registration-cancelled", "RFC 6275 section 10.3.2", "registration given up before it was accepted"),
    NO_HOME_REGISTRATION("no-home-registration", "RFC 6275 section 11.3.1", "no home agent holds a binding to {careOf} yet, so nothing can go through it"),
    TUNNEL_SET_UP("tunnel-set-up", "RFC 6275 section 11.3.1", "tunnel to {remote} set up"),
    TUNNEL_TAKEN_DOWN("tunnel-taken-down", "RFC 6275 section 11.5.5", "tunnel taken down"),
    BINDING_REMEMBERED("binding-remembered", "RFC 6275 section 5.2.8", "the sequence number of a binding that went is remembered"),
    BINDING_FORGOTTEN("binding-forgotten", "RFC 6275 section 5.2.8", "a binding that went is forgotten"),
    BINDING_USED("binding-used", "RFC 6275 section 9.5.5", "the binding carries packets"),
    PREFIX_DISCOVERY("prefix-discovery", "RFC 6275 section 11.4", "mobile prefix discovery"),
    ANSWER_IGNORED("answer-ignored", "RFC 6275 section 11.4", "answer ignored: {what}"),
    PEER_WITHOUT_MOBILITY("peer-without-mobility", "RFC 6275 section 11.3.5", "{peer} knows no Mobility Header"),
    UPDATE_GIVEN_UP("update-given-up", "RFC 6275 section 11.8", "no answer any more to be expected"),
    CARE_OF_UNREACHABLE("care-of-unreachable", "RFC 6275 section 9.3.4", "care-of address {careOf} cannot be reached"),
    ATTACHING("attaching", "lab file", "arrived at {link}, no carrier yet"),
    ROUTE_OPTIMIZED("route-optimized", "RFC 6275 section 6", "goes directly, with {headers}"),
    TUNNEL_ERROR("tunnel-error", "RFC 2473 section 8", "error about a tunnel, told to {source}, whose packet it carried"),
    NO_RECEIVER("no-receiver", "RFC 2464 section 6", "nobody has the Ethernet address {address} on {link}"),
    ICMP_INVALID("icmp-invalid", "RFC 4443 section 2.1", "ICMPv6 message is malformed: {what} at octet {at}"),
    UDP_INVALID("udp-invalid", "RFC 8200 section 8.1", "UDP datagram is malformed: {what} at octet {at}"),
    ERROR_WITHOUT_SOURCE("error-without-source", "RFC 4443 section 2.2", "ICMPv6 error not sent: this node has no address for it"),

    // IPsec
    PF_KEY("pf-key", "RFC 2367", "set by PF_KEY"),
    SA_USED("sa-used", "RFC 4303 section 3.3.3", "carried a packet"),
    SA_EXPIRED("sa-expired", "RFC 4301 section 4.4.2.1", "the {limit} lifetime ran out"),
    SA_MIGRATED("sa-migrated", "draft section 2.5", "follows the binding of {home} to {careOf}"),
    SPD_BYPASS("spd-bypass", "RFC 4301 section 5.1", "the security policy lets it pass as it is"),
    SPD_PROTECT("spd-protect", "RFC 4301 section 5.1", "the security policy wants {transforms}"),
    SPD_DISCARD("spd-discard", "RFC 4301 section 5.1", "the security policy discards it"),
    SPD_UNPROTECTED("spd-unprotected", "RFC 4301 section 5.2", "the security policy wants it protected by {transforms}, and it came {how}"),
    SPD_ACCEPTED("spd-accepted", "RFC 4301 section 5.2", "protected as the security policy wants"),
    SA_MISSING("sa-missing", "RFC 4301 section 5.1", "no SA for {transforms} yet"),
    IPSEC_APPLIED("ipsec-applied", "RFC 4303 section 3.3", "protected by {sa}, sequence number {sequence}"),
    IPSEC_REMOVED("ipsec-removed", "RFC 4303 section 3.4", "{sa} verified, sequence number {sequence}"),
    IPSEC_UNKNOWN_SPI("ipsec-unknown-spi", "RFC 4303 section 3.4.2", "no SA with SPI {spi} for {destination}"),
    IPSEC_SPI_RESERVED("ipsec-spi-reserved", "RFC 4303 section 2.1", "SPI {spi} is reserved"),
    IPSEC_REPLAY("ipsec-replay", "RFC 4303 section 3.4.3", "sequence number {sequence} came before, or is left of the window that ends at {highest}"),
    IPSEC_BAD_ICV("ipsec-bad-icv", "RFC 4303 section 3.4.4", "the integrity check value is wrong (sequence number {sequence})"),
    IPSEC_MALFORMED("ipsec-malformed", "RFC 4303 section 2", "malformed: {what}"),
    IPSEC_BAD_PADDING("ipsec-bad-padding", "RFC 4303 section 2.4", "padding is not as it should be: {what}"),
    IPSEC_SEQUENCE_OVERFLOW("ipsec-sequence-overflow", "RFC 4303 section 3.3.3", "the sequence numbers of the SA are used up"),
    IPSEC_SELECTOR("ipsec-selector", "RFC 4301 section 5.2", "{packet} is not what the SA is for"),
    IPSEC_FRAGMENT("ipsec-fragment", "RFC 4303 section 3.4.1", "AH or ESP in a fragment"),
    IPSEC_NESTING("ipsec-nesting", "RFC 4301 section 5.2", "more than {most} layers of protection"),
    IPSEC_DUMMY("ipsec-dummy", "RFC 4303 section 2.6", "dummy packet to hide the flow of traffic"),
    OUTER_SOURCE_SELECTOR("outer-source-selector", "draft section 2.4", "the outer source {outer} was compared with the selector {selector}"),
    OUTER_SOURCE_PINNED("outer-source-pinned", "draft section 2.4", "the outer source {outer} is not {pinned}, where the SA was set up"),
    TUNNEL_FAMILY("tunnel-family", "draft section 2.4", "no tunnel of IPv{inner} in IPv{outer}"),
    HAO_VERIFIED_BY_SA("hao-verified-by-sa", "draft section 2.2", "home address {home} is verified by {sa}"),
    BINDING_UPDATE_AUTHENTICATED("binding-update-authenticated", "draft section 2.5", "the binding update is authenticated by {sa}"),
    ICMP_ABOUT_SA("icmp-about-sa", "RFC 4301 section 8.2", "tells of the path of {sa}"),
    ICMP_ABOUT_NO_SA("icmp-about-no-sa", "RFC 4301 section 8.2", "tells of a packet with SPI {spi}, which this node never sent"),
    SA_ACQUIRED("sa-acquired", "RFC 2367 section 3.1.6", "key management is asked for an SA"),
    SA_LARVAL("sa-larval", "RFC 2367 section 3.1.1", "an SPI is reserved until keys come"),

    // IPv4
    IP4_MALFORMED("ip4-malformed", "RFC 791 section 3.1", "malformed IPv4 packet: {what} at octet {at}"),
    IP4_BAD_SOURCE("ip4-bad-source", "RFC 1122 section 3.2.1.3", "source {source} may not be a source address"),
    IP4_NOT_FOR_US("ip4-not-for-us", "RFC 1122 section 3.2.1.3", "destination {destination} is no address of this node, which does not forward"),
    IP4_SOURCE_ROUTE("ip4-source-route", "RFC 1812 section 5.2.4.1", "source routes are refused"),
    IP4_TTL("ip4-ttl", "RFC 1812 section 5.3.1", "time to live ran out"),
    IP4_NO_ROUTE("ip4-no-route", "RFC 1812 section 5.2.7.1", "no route to {destination}"),
    IP4_TOO_BIG("ip4-too-big", "RFC 1191 section 4", "{size} octets do not fit the next link's MTU of {mtu}, and they may not be cut"),
    IP4_FRAGMENTED("ip4-fragmented", "RFC 791 section 3.2", "cut into {count} fragments for an MTU of {mtu}"),
    IP4_NOT_FORWARDED("ip4-not-forwarded", "RFC 1812 section 5.3.4", "packets to all, to groups and from or to nowhere are not forwarded: {destination}"),
    IP4_PROTOCOL_UNKNOWN("ip4-protocol-unknown", "RFC 1122 section 3.2.2.1", "protocol {protocol} has no handler"),
    IP4_NO_LISTENER("ip4-no-listener", "RFC 1122 section 4.1.3.1", "nobody listens on UDP port {port}"),
    IP4_UNREACHABLE("ip4-unreachable", "RFC 1812 section 5.2.7.1", "no answer to ARP for {neighbour}"),
    IP4_QUEUE_FULL("ip4-queue-full", "RFC 1122 section 2.3.2.2", "too many packets wait for {neighbour}"),
    ICMP4_INVALID("icmp4-invalid", "RFC 792", "ICMP message is malformed: {what} at octet {at}"),
    ICMP4_UNKNOWN("icmp4-unknown", "RFC 1122 section 3.2.2", "ICMP type {type} has no handler"),
    ICMP4_FORBIDDEN("icmp4-forbidden", "RFC 1122 section 3.2.2", "ICMP error not sent about such a packet"),
    ICMP4_RATE("icmp4-rate", "RFC 1812 section 4.3.2.8", "ICMP error not sent: rate limit"),
    ICMP4_ECHO_REPLIED("icmp4-echo-replied", "RFC 1122 section 3.2.2.6", "echo request answered"),
    UDP4_INVALID("udp4-invalid", "RFC 1122 section 4.1.3.4", "UDP datagram is malformed: {what} at octet {at}"),
    ARP_STARTED("arp-started", "RFC 826", "ARP request sent"),
    ARP_RETRIED("arp-retried", "RFC 1122 section 2.3.2.1", "ARP request sent again"),
    ARP_QUEUED("arp-queued", "RFC 1122 section 2.3.2.2", "waits for ARP"),
    ARP_LEARNT("arp-learnt", "RFC 826", "learnt by ARP"),
    ARP_OLD("arp-old", "RFC 1122 section 2.3.2.1", "not confirmed for a minute"),
    ARP_POLLED("arp-polled", "RFC 1122 section 2.3.2.1", "asked whether it is still there"),
    ARP_GONE("arp-gone", "RFC 1122 section 2.3.2.1", "no answer to {requests} requests"),
    ARP_FULL("arp-full", "RFC 1122 section 2.3.2.1", "the ARP cache has no room"),
    ARP_INVALID("arp-invalid", "RFC 826", "ARP message is invalid: {what}"),
    ARP_NOT_FOR_US("arp-not-for-us", "RFC 826", "ARP message does not concern this node"),
    ARP_ANSWERED("arp-answered", "RFC 826", "ARP request for {address} answered"),
    PATH_MTU4("path-mtu4", "RFC 1191 section 3", "path MTU to {destination} is {mtu}"),

    // RFC 5555
    IP4_CARE_OF_ADDRESS("ip4-care-of-address", "RFC 5555 section 4.4", "IPv4 care-of address {address} of {link}, from the lab file"),
    IP4_ONLY_LINK("ip4-only-link", "RFC 5555 section 4.4.4", "no IPv6 router was heard: the link has IPv4 only"),
    UDP_TUNNEL_IN("udp-tunnel-in", "RFC 5555 section 4.2", "taken out of UDP from {remote}"),
    UDP_TUNNEL_OUT("udp-tunnel-out", "RFC 5555 section 4.2", "put into UDP to {remote}"),
    UDP_TUNNEL_UNKNOWN("udp-tunnel-unknown", "RFC 5555 section 4.2", "what came in UDP from {remote} is not for this node"),
    NAT_DETECTED("nat-detected", "RFC 5555 section 4.2", "the binding update came from {outer} and says {told}: something on the path translates addresses"),
    IP4_HOME_REFUSED("ip4-home-refused", "RFC 5555 section 3.2.1", "IPv4 home address {home}: {status}"),
    IP4_HOME_ACCEPTED("ip4-home-accepted", "RFC 5555 section 4.5", "IPv4 home address {home} bound with the IPv6 one"),

    // Attackers
    BRIDGED("bridged", "lab file", "passed on unseen by {port}"),
    ATTACK_REWRITTEN("attack-rewritten", "lab file", "an attacker rewrote {field} from {before} to {value}"),
    ATTACK_MISSED("attack-missed", "lab file", "an attacker found no {field} that takes {value}"),
    ATTACK_DROPPED("attack-dropped", "lab file", "an attacker took it off the wire"),
    ATTACK_DELAYED("attack-delayed", "lab file", "an attacker passes it on {delay} later"),
    ATTACK_HELD("attack-held", "lab file", "an attacker keeps it to send it in {delay}"),
    ATTACK_SENT("attack-sent", "lab file", "an attacker sends what it kept"),
    ATTACK_FULL("attack-full", "lab file", "an attacker keeps {most} frames already"),
    ATTACK_OVER("attack-over", "lab file", "an attack is over"),

    // IKE: messages
    IKE_RECEIVED("ike-received", "RFC 2409", "{message} of phase one {cookies}"),
    IKE_MALFORMED("ike-malformed", "RFC 2408 section 5.1", "ISAKMP message is malformed: {what} at octet {at}"),
    IKE_NO_PHASE_ONE("ike-no-phase-one", "RFC 2408 section 5.2", "{message}: no phase one has the cookies {cookies}"),
    IKE_PHASE_ONE_ELSEWHERE("ike-phase-one-elsewhere", "draft 3.4", "phase one {cookies} is with {known}, this message comes from {address}"),
    IKE_PHASE_ONE_FOUND("ike-phase-one-found", "draft 3.4", "phase one {cookies} with {known} is found by its cookies though the message comes from {address}"),
    IKE_HALF_OPEN_FULL("ike-half-open-full", "RFC 2408 section 1.7.1", "{count} phase ones are unfinished already ({limit})"),
    IKE_UNEXPECTED("ike-unexpected", "RFC 2409", "{message} is not expected: {why}"),
    IKE_UNAUTHENTICATED("ike-unauthenticated", "RFC 2409 section 5.7", "{what} that nothing authenticates changes nothing"),
    IKE_UNREADABLE("ike-unreadable", "RFC 2409 appendix B", "{message} cannot be decrypted: {why}"),
    IKE_HASH_WRONG("ike-hash-wrong", "RFC 2409 section 5.5", "the hash of {message} is wrong"),
    IKE_REPLAYED("ike-replayed", "RFC 2409 section 5.5", "message id {id} was used before"),
    IKE_DUPLICATE("ike-duplicate", "RFC 2408 section 5.1", "{message} once more, the answer too"),
    IKE_RETRANSMITTED("ike-retransmitted", "RFC 2408 section 5.1", "{message} sent again, time {count}"),
    IKE_TIMED_OUT("ike-timed-out", "RFC 2408 section 5.1", "no answer to {message}"),
    IKE_NOTIFIED("ike-notified", "RFC 2408 section 3.14", "{notification}"),
    IKE_REFUSED_BY_PEER("ike-refused-by-peer", "RFC 2408 section 3.14.1", "the peer answers {notification}"),

    // IKE: phase one
    IKE_STARTED("ike-started", "RFC 2409 section 5", "{exchange} with {peer}"),
    IKE_STEP("ike-step", "RFC 2409 section 5", "{message}"),
    IKE_ESTABLISHED("ike-established", "RFC 2409 section 5", "phase one with {identity} is established"),
    IKE_NO_PROPOSAL("ike-no-proposal", "RFC 2408 section 4.2", "no proposal fits: {why}"),
    IKE_BAD_KEY_EXCHANGE("ike-bad-key-exchange", "RFC 2409 section 5", "key exchange value: {why}"),
    IKE_PEER_UNKNOWN("ike-peer-unknown", "RFC 4301 section 4.4.3", "no entry of the peer authorization database for {who}"),
    IKE_AUTHENTICATION_FAILED("ike-authentication-failed", "RFC 2409 section 5", "authentication of {identity} failed: {why}"),
    IKE_CERTIFICATE_REFUSED("ike-certificate-refused", "RFC 5280 section 6", "certificate of {identity}: {why}"),
    IKE_IDENTITY_NOT_IN_CERTIFICATE("ike-identity-not-in-certificate", "draft 3.1", "{identity} is neither subject nor alternative subject of the certificate of {subject}"),
    IKE_IDENTITY_NOT_TRANSPORT("ike-identity-not-transport", "draft 3.1", "identity {identity} is not the address {address} that transports IKE"),
    IKE_CERTIFICATE_NOT_TRANSPORT("ike-certificate-not-transport", "draft 3.1", "none of the certificate's addresses {addresses} is the address {address} that transports IKE"),
    IKE_ADDRESSLESS_CERTIFICATE("ike-addressless-certificate", "draft 3.1", "the certificate of {identity} holds no address, which the policy refuses"),
    IKE_LISTED_ONLY("ike-listed-only", "draft 3.1", "the credentials of {identity} hold no address: it may negotiate for {homes} only"),
    IKE_HOME_ADDRESS_IDENTITY("ike-home-address-identity", "draft 3.1", "home address identity {home} is in the certificate, whatever address transports IKE"),
    IKE_HOME_ADDRESS_REFUSED("ike-home-address-refused", "draft 3.1", "home address identity {home}: {why}"),
    IKE_USES_HOME_ADDRESS("ike-uses-home-address", "draft 3.3", "IKE with {peer} uses the home address {address}"),
    IKE_USES_CARE_OF_ADDRESS("ike-uses-care-of-address", "draft 3.4", "IKE with {peer} uses the care-of address {address}"),
    IKE_NO_ADDRESS("ike-no-address", "draft 3.4", "no address to talk to {peer} from"),
    IKE_EXPIRED("ike-expired", "RFC 2407 section 4.5", "the lifetime of phase one is over"),
    IKE_DELETED("ike-deleted", "RFC 2408 section 3.15", "deleted by {who}"),
    IKE_REPLACED("ike-replaced", "RFC 2407 section 4.6.3.3", "{why}"),
    IKE_PEER_DEAD("ike-peer-dead", "RFC 3706 section 5.5", "no answer to {count} R-U-THERE"),
    IKE_FOLLOWED_BINDING("ike-followed-binding", "RFC 6275 section 11.7.1", "phase one follows the binding to {address}"),
    IKE_ADDRESS_LEARNT("ike-address-learnt", "draft 3.4", "the peer is at {address} now"),

    // IKE: phase two
    IKE_CHILD_STARTED("ike-child-started", "RFC 2409 section 5.5", "quick mode for {selector}"),
    IKE_CHILD_MADE("ike-child-made", "RFC 2409 section 5.5", "SA pair for {selector}"),
    IKE_CHILD_WITHOUT_IDENTITIES("ike-child-without-identities", "draft 3.2", "a quick mode without identities, where phase one and phase two may have different addresses"),
    IKE_CHILD_IDENTITIES_IMPLIED("ike-child-identities-implied", "draft 3.2", "no identities: {selector} by the addresses of the messages"),
    IKE_CHILD_ENDS("ike-child-ends", "draft 3.2", "the SA pair ends at {local} and {remote}, by {which}"),
    IKE_CHILD_IDENTITY_NO_ADDRESS("ike-child-identity-no-address", "draft 3.2", "identity {identity} denotes no set of addresses"),
    IKE_CHILD_FOR_HOME_ADDRESS("ike-child-for-home-address", "draft 3.2", "{who} may have an SA pair for {addresses}: {why}"),
    IKE_CHILD_NOT_ITS_ADDRESS("ike-child-not-its-address", "draft 3.2", "{who} may have no SA pair for {addresses}: {why}"),
    IKE_CHILD_NO_POLICY("ike-child-no-policy", "RFC 4301 section 4.4.1", "no policy protects {selector}"),
    IKE_CHILD_REFUSED("ike-child-refused", "RFC 2409 section 5.5", "{why}"),
    IKE_CHILD_REKEYED("ike-child-rekeyed", "RFC 2409 section 5.5", "a newer SA pair has taken over"),
    IKE_CHILD_DELETED("ike-child-deleted", "RFC 2408 section 3.15", "SA pair deleted by {who}"),
    IKE_CHILD_FAILED("ike-child-failed", "RFC 2367 section 3.1", "PF_KEY refuses {what}: {error}"),
    IKE_CHILD_ENDS_WITH_PHASE_ONE("ike-child-ends-with-phase-one", "draft 3.4", "the SA pair ends with its phase one"),
    IKE_PHASE_ONE_ENDS_WITH_CHILD("ike-phase-one-ends-with-child", "draft 3.4", "phase one ends with its SA pair"),
    IKE_CHILD_MOVED("ike-child-moved", "draft 3.4", "an SA pair ends at {address}, where this node is no more: it is made anew"),
    IKE_BEGINS_ANEW("ike-begins-anew", "draft 3.4", "begun from {address}, which this node has left: it begins anew"),
    IKE_CHILD_NOT_LISTED("ike-child-not-listed", "draft 3.1", "{who} may have no SA pair for {addresses}: its credentials hold no address, and the list has {homes} for it"),
    IKE_IDENTITY_SELECTOR("ike-identity-selector", "RFC 2407 section 4.6.2", "identity {identity} is of protocol {protocol} and port {port}, not of IKE's own or none"),
    IKE_CERTIFICATES_SENT("ike-certificates-sent", "RFC 2408 section 3.10", "certificates that are sent, {count}: {why}"),
    OPTIMISTIC_VIA_ROUTER("optimistic-via-router", "RFC 4429 section 3.2", "nobody may be asked for {neighbour} from an optimistic address: by way of router {router}"),

    // The outside
    HOST_RECEIVED("host-received", "", "goes up to host {name}"),
    HOST_SENT("host-sent", "", "from host {name}"),
    HOST_LINK_ONLY("host-link-only", "", "host {name} has no link of its own here: nothing to {destination}"),
    HOST_SOURCE("host-source", "", "host {name} sends from {source}, but has {address}"),
    HOST_MOBILITY("host-mobility", "", "mobility is this node's own, not that of host {name}"),
    SEGMENT_SENT("segment-sent", "", "goes out by {name}"),
    OUTSIDE_MISSED("outside-missed", "", "{count} from outside by {name} were not taken: {why}"),
    HOST_HEARD("host-heard", "", "host {name} hears {peer} {how}");

    private final String code;
    private final String section;
    private final String sentence;
    private final List<String> names;

    Reason(String code, String section, String sentence) {
        this.code = code;
        this.section = section;
        this.sentence = sentence;
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile("\\{([A-Za-z]+)}").matcher(sentence);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        this.names = List.copyOf(found);
    }

    /** For machines: lower case, words joined by hyphens. */
    public String code() {
        return code;
    }

    /** The section that rules; empty: plain mechanics. */
    public String section() {
        return section;
    }

    /** The recommendation whose question it answers, whichever way that stands; empty: none. */
    public Optional<Recommendation> rule() {
        return switch (this) {
            case HAO_UNVERIFIED, HAO_VERIFIED_BY_SA -> Optional.of(Recommendation.A);
            case OUTER_SOURCE_SELECTOR -> Optional.of(Recommendation.C1);
            case OUTER_SOURCE_PINNED -> Optional.of(Recommendation.C2);
            case TUNNEL_FAMILY -> Optional.of(Recommendation.D);
            case BINDING_UPDATE_AUTHENTICATED -> Optional.of(Recommendation.E1);
            case SA_MIGRATED -> Optional.of(Recommendation.F);
            case IKE_IDENTITY_NOT_IN_CERTIFICATE -> Optional.of(Recommendation.G);
            case IKE_IDENTITY_NOT_TRANSPORT -> Optional.of(Recommendation.H);
            case IKE_CERTIFICATE_NOT_TRANSPORT -> Optional.of(Recommendation.I);
            case IKE_ADDRESSLESS_CERTIFICATE, IKE_LISTED_ONLY, IKE_CHILD_NOT_LISTED -> Optional.of(Recommendation.J);
            case IKE_HOME_ADDRESS_IDENTITY, IKE_HOME_ADDRESS_REFUSED -> Optional.of(Recommendation.K);
            case IKE_CHILD_WITHOUT_IDENTITIES, IKE_CHILD_IDENTITIES_IMPLIED -> Optional.of(Recommendation.L1);
            case IKE_CHILD_ENDS -> Optional.of(Recommendation.L2);
            case IKE_CHILD_IDENTITY_NO_ADDRESS -> Optional.of(Recommendation.M);
            case IKE_CHILD_FOR_HOME_ADDRESS, IKE_CHILD_NOT_ITS_ADDRESS -> Optional.of(Recommendation.N);
            case IKE_USES_HOME_ADDRESS -> Optional.of(Recommendation.O);
            case IKE_USES_CARE_OF_ADDRESS -> Optional.of(Recommendation.P);
            case IKE_CHILD_ENDS_WITH_PHASE_ONE, IKE_PHASE_ONE_ENDS_WITH_CHILD -> Optional.of(Recommendation.Q);
            case IKE_PHASE_ONE_ELSEWHERE, IKE_PHASE_ONE_FOUND -> Optional.of(Recommendation.R);
            default -> Optional.empty();
        };
    }

    /** Names of the arguments, in order. */
    public List<String> names() {
        return names;
    }

    /** The sentence with its arguments filled in; an argument that is missing shows as its name. */
    public String text(List<String> args) {
        String text = sentence;
        for (int i = 0; i < Math.min(names.size(), args.size()); i++) {
            text = text.replace("{" + names.get(i) + "}", args.get(i));
        }
        return text;
    }

    /** The reason with a code; an {@code IllegalArgumentException} for an unknown one. */
    public static Reason of(String code) {
        for (Reason reason : values()) {
            if (reason.code.equals(code)) {
                return reason;
            }
        }
        throw new IllegalArgumentException("no reason code \"" + code + "\"");
    }
}
