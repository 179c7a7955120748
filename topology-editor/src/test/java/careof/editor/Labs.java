package careof.editor;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.lab.Action;
import careof.engine.lab.Expectation;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabProtection;
import careof.engine.lab.LabTraffic;
import careof.engine.lab.TimedAction;
import careof.engine.policy.Recommendation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Labs for tests. */
public final class Labs {
    private Labs() {}

    static LabLink link(String name, LabLink.Kind kind, String prefix, long delayMillis, long rate, double loss) {
        return LabLink.of(name, kind, Optional.of(Prefix.parse(prefix))).withDelay(delayMillis * 1_000_000).withRate(rate).withLoss(loss);
    }

    static LabNode node(String name, LabNode.Role role, String... links) {
        return LabNode.of(name, role).withPorts(java.util.Arrays.stream(links).map(l -> new LabNode.Port(l, Optional.empty())).toList());
    }

    /** The handover lab: a home, two cells, a backbone, a correspondent; every kind of reference occurs. */
    public static Lab handover() {
        var modes = new LinkedHashMap<String, LabNode.Mode>();
        modes.put("cn", LabNode.Mode.OPTIMIZED);
        var policies = new LinkedHashMap<String, List<Recommendation>>();
        policies.put("cn", List.of(Recommendation.values()[0]));
        return Lab.empty("Handover").withLinks(List.of(
                        link("home", LabLink.Kind.WIRED, "2001:db8:1::/64", 1, 0, 0),
                        link("cell-a", LabLink.Kind.CELL, "2001:db8:2::/64", 2, 0, 0.01),
                        link("cell-b", LabLink.Kind.CELL, "2001:db8:3::/64", 2, 0, 0),
                        link("backbone", LabLink.Kind.WIRED, "2001:db8:f::/64", 10, 1_000_000_000, 0),
                        link("cn-link", LabLink.Kind.WIRED, "2001:db8:9::/64", 1, 0, 0)))
                .withNodes(List.of(
                        LabNode.of("ha", LabNode.Role.HOME_AGENT).withPorts(List.of(
                                new LabNode.Port("home", Optional.of(Ip6Address.parse("2001:db8:1::1"))), new LabNode.Port("backbone", Optional.empty()))),
                        node("ra", LabNode.Role.ROUTER, "cell-a", "backbone"),
                        node("rb", LabNode.Role.ROUTER, "cell-b", "backbone"),
                        node("rc", LabNode.Role.ROUTER, "cn-link", "backbone"),
                        LabNode.of("cn", LabNode.Role.CORRESPONDENT).withPorts(List.of(
                                new LabNode.Port("cn-link", Optional.of(Ip6Address.parse("2001:db8:9::9"))))),
                        LabNode.of("mn", LabNode.Role.MOBILE_NODE).withAt(Optional.of("home"))
                                .withHome(Optional.of(new LabNode.Home("home", Ip6Address.parse("2001:db8:1::10"), Optional.of("ha"))))
                                .withModes(modes)))
                .withTraffic(List.of(new LabTraffic("voice", LabTraffic.Kind.UDP, "mn", "cn", true, 20_000_000, 172, 2_000_000_000L, 18_000_000_000L)))
                .withActions(List.of(
                        new TimedAction(5_000_000_000L, new Action.Move("mn", Optional.of("cell-a"))),
                        new TimedAction(10_000_000_000L, new Action.Move("mn", Optional.of("cell-b"))),
                        new TimedAction(11_000_000_000L, new Action.SetMode("mn", "cn", LabNode.Mode.TRIANGULAR)),
                        new TimedAction(11_000_000_000L, new Action.Ping("cn", "mn")),
                        new TimedAction(12_000_000_000L, new Action.Link("cell-b", Optional.of("rb"), Optional.of("mn"), Optional.of(0.05),
                                Optional.empty(), Optional.empty(), Optional.empty()))))
                .withExpect(List.of(
                        new Expectation.BindingHeld("cn", Ip6Address.parse("2001:db8:1::10"), Optional.of(Prefix.parse("2001:db8:3::/64")),
                                new Expectation.Span(11_500_000_000L, 20_000_000_000L)),
                        new Expectation.Flow("voice", Optional.of("cn-mn"),
                                Optional.of(new Expectation.Range(Optional.empty(), Optional.of(120L))), Optional.empty(), Optional.empty(), Optional.empty(), Expectation.Span.whole(20_000_000_000L)),
                        new Expectation.Drops("rh0", Optional.of("cn"), Expectation.Range.exactly(0), Expectation.Span.whole(20_000_000_000L)),
                        new Expectation.Messages("BU", Optional.of("mn"), new Expectation.Range(Optional.of(1L), Optional.empty()), Expectation.Span.whole(20_000_000_000L))))
                .withPolicy(new Lab.LabPolicy(List.of(), policies));
    }

    /** The handover lab, protected with keys of IKE between mobile node and home agent, and by hand between mobile node and correspondent. */
    public static Lab secured() {
        var sha1 = LabProtection.Transform.esp(LabProtection.Mode.TRANSPORT, Encryption.NULL, Authentication.HMAC_SHA1_96);
        return handover().withIpsec(List.of(
                LabProtection.of("bu-ba", "mn", "ha", LabProtection.Usual.REGISTRATION, sha1).withKeying(LabProtection.Keying.IKE),
                LabProtection.of("data", "mn", "cn", LabProtection.Usual.PAYLOAD, new LabProtection.Transform(sha1.protocol(), sha1.mode(), sha1.encryption(),
                        sha1.authentication(), 0, 6, List.of(new LabProtection.Keys("mn", Optional.of(0x1001L), Optional.empty(), Optional.empty()))))));
    }

    /** The handover lab with IPv4 on the backbone, and cell B without IPv6. */
    public static Lab families() {
        Lab lab = handover();
        return lab.withLinks(lab.links().stream().map(l -> switch (l.name()) {
            case "cell-b" -> l.withPrefix(Optional.empty()).withPrefix4(Optional.of(Ip4Prefix.parse("192.0.2.0/24")));
            case "backbone" -> l.withPrefix4(Optional.of(Ip4Prefix.parse("198.51.100.0/24")));
            default -> l;
        }).toList()).withNodes(lab.nodes().stream().map(n -> switch (n.name()) {
            case "rb" -> n.withPorts(List.of(new LabNode.Port("cell-b", Optional.empty(), Optional.of(Ip4Address.parse("192.0.2.1"))),
                    new LabNode.Port("backbone", Optional.empty(), Optional.of(Ip4Address.parse("198.51.100.2")))));
            default -> n;
        }).toList());
    }

    /** A backbone with {@code sites} routers, each with a cell and mobile nodes in it. */
    public static Lab campus(int sites, int mobilesPerSite) {
        var links = new ArrayList<LabLink>();
        var nodes = new ArrayList<LabNode>();
        links.add(link("backbone", LabLink.Kind.WIRED, "2001:db8:f::/64", 1, 0, 0));
        for (int s = 0; s < sites; s++) {
            links.add(link("cell" + s, LabLink.Kind.CELL, "2001:db8:" + Integer.toHexString(0x100 + s) + "::/64", 1, 0, 0));
            nodes.add(node("r" + s, LabNode.Role.ROUTER, "cell" + s, "backbone"));
            for (int m = 0; m < mobilesPerSite; m++) {
                nodes.add(LabNode.of("mn" + s + "x" + m, LabNode.Role.MOBILE_NODE).withAt(Optional.of("cell" + s)));
            }
        }
        return Lab.empty("Campus").withLinks(links).withNodes(nodes);
    }

    /** Hosts at the ends of {@code routers} routers in a row. */
    public static Lab chain(int routers) {
        var links = new ArrayList<LabLink>();
        var nodes = new ArrayList<LabNode>();
        nodes.add(node("left", LabNode.Role.HOST, "l0"));
        for (int i = 0; i <= routers; i++) {
            links.add(link("l" + i, LabLink.Kind.WIRED, "2001:db8:" + Integer.toHexString(i + 1) + "::/64", 1, 0, 0));
        }
        for (int i = 0; i < routers; i++) {
            nodes.add(node("r" + i, LabNode.Role.ROUTER, "l" + i, "l" + (i + 1)));
        }
        nodes.add(node("right", LabNode.Role.HOST, "l" + routers));
        return Lab.empty("Chain").withLinks(links).withNodes(nodes);
    }
}
