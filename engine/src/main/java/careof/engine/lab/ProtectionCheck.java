package careof.engine.lab;

import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What must hold for protections, entries of security policies and actions on SAs. */
final class ProtectionCheck {
    /** RFC 4303 section 2.1: 1 to 255 are reserved, 0 is for local use. */
    private static final long LEAST_SPI = 256;
    private static final long MOST_SPI = 0xffff_ffffL;
    private static final int MOST_TRANSFORMS = 4;
    private static final int MOST_WINDOW = 64;
    private static final int MOST_PADDING = 65_535;
    /** Of packets that carry nothing: faster ones would be all that a run does. */
    private static final long LEAST_INTERVAL = VirtualTime.SECOND / 100;
    private static final long LONGEST_LIFE = 365 * 24 * 3600 * VirtualTime.SECOND;

    private final LabCheck check;
    private final Lab lab;
    /** Who receives with which SPI, and the field that says so. */
    private final Map<String, String> spis = new LinkedHashMap<>();

    ProtectionCheck(LabCheck check, Lab lab) {
        this.check = check;
        this.lab = lab;
    }

    void all() {
        check.names("/ipsec", "protection", lab.ipsec().stream().map(LabProtection::name).toList());
        for (int i = 0; i < lab.ipsec().size(); i++) {
            protection("/ipsec/" + i, lab.ipsec().get(i));
        }
        for (int i = 0; i < lab.nodes().size(); i++) {
            for (int j = 0; j < lab.nodes().get(i).spd().size(); j++) {
                entry("/nodes/" + i + "/spd/" + j, lab.nodes().get(i), lab.nodes().get(i).spd().get(j));
            }
        }
    }

    private void protection(String at, LabProtection protection) {
        Optional<LabNode> first = end(at + "/between/0", protection.first());
        Optional<LabNode> second = end(at + "/between/1", protection.second());
        if (first.isPresent() && protection.first().equals(protection.second())) {
            check.error(at + "/between/1", "both are \"" + protection.first() + "\"; name another node", at + "/between");
            second = Optional.empty();
        }
        check.family(at + "/family", protection.family());
        if (protection.transforms().isEmpty()) {
            check.error(at + "/transforms", "protects with nothing; give a transform, such as { \"protocol\": \"esp\", \"mode\": \"transport\", ... }");
        }
        if (protection.transforms().size() > MOST_TRANSFORMS) {
            check.error(at + "/transforms", "expected at most " + MOST_TRANSFORMS + " transforms, not " + protection.transforms().size());
        }
        check.range(at + "/window", protection.window(), 0, MOST_WINDOW, String::valueOf);
        lifetime(at + "/lifetime", protection.lifetime());
        hiding(at, protection);
        if (first.isPresent() && second.isPresent()) {
            traffic(at + "/traffic", protection, List.of(first.get(), second.get()));
        }
        for (int i = 0; i < protection.transforms().size(); i++) {
            transform(at + "/transforms/" + i, protection, protection.transforms().get(i));
        }
    }

    private void hiding(String at, LabProtection protection) {
        check.range(at + "/padding", protection.padding(), 0, MOST_PADDING, String::valueOf);
        if (protection.dummies() != 0) {
            check.span(at + "/dummies", protection.dummies(), LEAST_INTERVAL, LONGEST_LIFE);
        }
        if (!protection.transforms().isEmpty() && !protection.mayHide()) {
            String why = "only a tunnel of ESP as the last transform hides how much it carries (RFC 4303 section 2.7)";
            if (protection.padding() != 0) {
                check.error(at + "/padding", why, at + "/transforms");
            }
            if (protection.dummies() != 0) {
                check.error(at + "/dummies", why, at + "/transforms");
            }
        }
    }

    private Optional<LabNode> end(String at, String name) {
        return check.node(at, name).filter(node -> {
            if (node.bridge()) {
                check.error(at, "\"" + name + "\" is a bridge, which has no addresses; name a node that it stands between",
                        "/nodes/" + lab.nodes().indexOf(node) + "/bridge");
            }
            return !node.bridge();
        });
    }

    private void traffic(String at, LabProtection protection, List<LabNode> ends) {
        boolean mobile = ends.stream().anyMatch(node -> node.role() == LabNode.Role.MOBILE_NODE);
        boolean homeAgent = ends.stream().anyMatch(node -> node.role() == LabNode.Role.HOME_AGENT);
        String nodes = "\"" + protection.first() + "\" and \"" + protection.second() + "\"";
        switch (protection.traffic()) {
            case LabProtection.Usual.REGISTRATION -> {
                if (!mobile) {
                    check.error(at, "none of " + nodes + " is a mobile node, so they exchange no binding updates; protect \"all\" or \"payload\"", "/nodes");
                }
            }
            case LabProtection.Usual.RETURN_ROUTABILITY -> {
                if (!mobile || !homeAgent) {
                    check.error(at, "home test messages are protected between a mobile node and its home agent (RFC 3776 section 4.2); " + nodes + " are no such pair",
                            "/nodes");
                } else if (!protection.isTunnel()) {
                    check.error(at, "home test messages pass the home agent in a tunnel; make a transform's mode \"tunnel\" (RFC 3776 section 4.2)", at, "/transforms");
                }
            }
            case LabProtection.Usual.PAYLOAD, LabProtection.Usual.ALL -> { }
            case LabProtection.Selected(LabSelector selector) -> selector(at, selector, protection.family());
        }
        boolean signalling = protection.traffic() == LabProtection.Usual.REGISTRATION || protection.traffic() == LabProtection.Usual.RETURN_ROUTABILITY;
        if (signalling && protection.family() == 4) {
            check.error(at.replace("/traffic", "/family"), "signalling of mobility is IPv6; leave family out, or protect \"payload\"", at);
        }
        if (protection.family() == 4) {
            ends.stream().filter(node -> !Ip4Check.isReachable(node)).forEach(node ->
                    check.error(at.replace("/traffic", "/family"), "\"" + node.name() + "\" has no IPv4 "
                            + (node.role() == LabNode.Role.MOBILE_NODE ? "home address" : "address") + "; give it an address4, or leave family out", "/nodes"));
        }
    }

    private void selector(String at, LabSelector selector, int family) {
        family(at + "/source", selector.source(), family);
        family(at + "/destination", selector.destination(), family);
        ports(at, selector);
    }

    private void family(String at, Optional<LabSelector.Range> range, int family) {
        range.filter(r -> r.isIp4() != (family == 4)).ifPresent(r ->
                check.error(at, r + " is IPv" + (r.isIp4() ? 4 : 6) + ", but packets of IPv" + family + " are protected; set family, or change the address"));
    }

    private void ports(String at, LabSelector selector) {
        if (selector.sourcePorts().isPresent() || selector.destinationPorts().isPresent()) {
            if (selector.protocol().isEmpty()) {
                check.error(at, "ports need a protocol that has some: give \"protocol\": \"udp\", \"tcp\", \"icmp6\" or \"mobility\"", at + "/protocol");
            } else if (!List.of(1, 6, 17, 58, 135, 33, 132, 136).contains(selector.protocol().get())) {
                check.error(at + "/protocol", LabSelector.protocol(selector.protocol().get()) + " has no ports; leave the ports out");
            } else if (selector.protocol().get() == 135 && selector.destinationPorts().isPresent()) {
                check.error(at + "/destinationPorts", "of the Mobility Header only the type can be selected, by sourcePorts");
            }
        }
    }

    private void transform(String at, LabProtection protection, LabProtection.Transform transform) {
        Encryption encryption = transform.encryption();
        Authentication authentication = transform.authentication();
        if (transform.protocol() == LabProtection.Protocol.AH) {
            if (encryption != Encryption.NONE) {
                check.error(at + "/encryption", "AH does not encrypt; leave the field out, or make the protocol esp");
            }
            if (authentication == Authentication.NULL) {
                check.error(at + "/authentication", "AH authenticates; name an algorithm, such as \"hmac-sha1-96\"");
            }
        } else if (encryption == Encryption.NONE) {
            check.error(at + "/encryption", "ESP needs an encryption, \"null\" if none is wanted");
        } else if (encryption == Encryption.NULL && authentication == Authentication.NULL) {
            check.error(at, "ESP with neither encryption nor authentication protects nothing (RFC 4303 section 3.2); name one of them");
        } else if (encryption.isCombined() && authentication != Authentication.NULL) {
            check.error(at + "/authentication", encryption.text() + " authenticates by itself; leave the field out");
        }
        if (encryption == Encryption.DES_CBC) {
            check.warning(at + "/encryption", "DES is broken; it is here only for reading history");
        }
        if (transform.bits() != 0 && (encryption.keyLengths().size() == 1 || !encryption.keyLengths().contains(transform.keyLength()))) {
            check.error(at + "/bits", encryption.keyLengths().size() == 1 ? "keys of " + encryption.text() + " have one length; leave the field out"
                    : "expected 128, 192 or 256, not " + transform.bits());
        }
        check.family(at + "/outer", transform.outer());
        if (transform.outer() == 4 && transform.mode() != LabProtection.Mode.TUNNEL) {
            check.error(at + "/outer", "only a tunnel has an outer header; leave the field out, or make the mode tunnel", at + "/mode");
        } else if (transform.outer() == 4) {
            for (String name : List.of(protection.first(), protection.second())) {
                lab.node(name).filter(node -> !Ip4Check.hasAddress(node)).ifPresent(_ ->
                        check.error(at + "/outer", "\"" + name + "\" has no IPv4 address for the tunnel's end; give it an address4, or leave outer out", "/nodes"));
            }
        }
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < transform.keys().size(); i++) {
            LabProtection.Keys keys = transform.keys().get(i);
            String keysAt = at + "/keys/" + i;
            boolean known = lab.node(protection.first()).isPresent() && lab.node(protection.second()).isPresent();
            if (known && !keys.from().equals(protection.first()) && !keys.from().equals(protection.second())) {
                check.error(keysAt + "/from", "\"" + keys.from() + "\" is none of the two nodes; expected \"" + protection.first() + "\" or \"" + protection.second() + "\"",
                        at.substring(0, at.indexOf("/transforms")) + "/between");
            } else if (seen.contains(keys.from())) {
                check.error(keysAt + "/from", "there are keys from \"" + keys.from() + "\" already; keep one", at + "/keys");
            } else {
                keys(keysAt, protection, transform, keys);
            }
            seen.add(keys.from());
        }
    }

    private void keys(String at, LabProtection protection, LabProtection.Transform transform, LabProtection.Keys keys) {
        keys.spi().ifPresent(spi -> {
            if (spi < LEAST_SPI || spi > MOST_SPI) {
                check.error(at + "/spi", "0x" + Long.toHexString(spi) + " is reserved; expected 0x100 to 0xffffffff (RFC 4303 section 2.1)");
            } else {
                String to = keys.from().equals(protection.first()) ? protection.second() : protection.first();
                String first = spis.putIfAbsent(to + " " + transform.protocol() + " " + spi, at + "/spi");
                if (first != null) {
                    check.error(at + "/spi", "\"" + to + "\" has an SA with this SPI already, " + field(first) + "; a receiver tells its SAs by their SPIs, so change one", first);
                }
            }
        });
        keys.encryption().ifPresent(key -> encryptionKey(at + "/encryption", transform, key));
        keys.authentication().ifPresent(key -> {
            Authentication authentication = transform.authentication();
            if (authentication == Authentication.NULL && key.length() > 0) {
                check.error(at + "/authentication", "nothing takes this key, as no authentication is named; leave the field out", parent(at) + "/authentication");
            } else if (key.length() != authentication.key()) {
                check.error(at + "/authentication", authentication.text() + " takes a key of " + authentication.key() + " octets, not " + key.length(),
                        parent(at) + "/authentication");
            }
        });
    }

    private void encryptionKey(String at, LabProtection.Transform transform, Octets key) {
        Encryption encryption = transform.encryption();
        String algorithm = parent(parent(at)) + "/encryption";
        if (encryption.keyLengths().getFirst() == 0) {
            if (key.length() > 0) {
                check.error(at, "nothing takes this key, as nothing is encrypted; leave the field out", algorithm);
            }
        } else if (!encryption.keyLengths().contains(key.length())) {
            List<String> lengths = encryption.keyLengths().stream().map(String::valueOf).toList();
            check.error(at, encryption.text() + " takes a key of " + (lengths.size() == 1 ? lengths.getFirst() : String.join(", ", lengths.subList(0, lengths.size() - 1))
                    + " or " + lengths.getLast()) + " octets" + (encryption == Encryption.AES_CTR ? ", the last 4 of them the nonce"
                    : encryption == Encryption.AES_GCM ? ", the last 4 of them the salt" : "") + ", not " + key.length(), algorithm);
        } else if (transform.bits() != 0 && key.length() != transform.keyLength()) {
            check.error(at, "a key of " + key.length() + " octets, but \"bits\": " + transform.bits() + " asks for " + transform.keyLength(), parent(parent(at)) + "/bits");
        }
    }

    /** The transform of keys: two steps up from {@code .../transforms/0/keys/1}. */
    private static String parent(String pointer) {
        String keys = pointer.substring(0, pointer.lastIndexOf('/'));
        return keys.endsWith("/keys") ? keys.substring(0, keys.length() - "/keys".length()) : keys;
    }

    private static String field(String pointer) {
        return new LabProblem(LabProblem.Severity.ERROR, "", 0, 0, pointer, "").field();
    }

    private void lifetime(String at, LabProtection.Lifetime lifetime) {
        check.span(at + "/soft", lifetime.soft(), 0, LONGEST_LIFE);
        check.span(at + "/hard", lifetime.hard(), 0, LONGEST_LIFE);
        seconds(at + "/soft", lifetime.soft());
        seconds(at + "/hard", lifetime.hard());
        check.range(at + "/softOctets", lifetime.softOctets(), 0, Long.MAX_VALUE, String::valueOf);
        check.range(at + "/hardOctets", lifetime.hardOctets(), 0, Long.MAX_VALUE, String::valueOf);
        if (lifetime.hard() > 0 && lifetime.soft() >= lifetime.hard()) {
            check.error(at + "/soft", "the warning comes at " + VirtualTime.format(lifetime.soft()) + ", not before the end at " + VirtualTime.format(lifetime.hard()),
                    at + "/hard");
        }
        if (lifetime.hardOctets() > 0 && lifetime.softOctets() >= lifetime.hardOctets()) {
            check.error(at + "/softOctets", "the warning comes at " + lifetime.softOctets() + " octets, not before the end at " + lifetime.hardOctets(), at + "/hardOctets");
        }
    }

    private void seconds(String at, long nanos) {
        if (nanos % VirtualTime.SECOND != 0) {
            check.error(at, "PF_KEY counts whole seconds (RFC 2367 section 2.3.2), not " + VirtualTime.format(nanos));
        }
    }

    private void entry(String at, LabNode node, LabSpdEntry entry) {
        if (entry.action() == LabSpdEntry.Action.PROTECT && entry.with().isEmpty()) {
            check.error(at, "protect with what? Give \"with\": the name of a protection", at + "/with", at + "/action");
        } else if (entry.action() != LabSpdEntry.Action.PROTECT && entry.with().isPresent()) {
            check.error(at + "/with", "only for the action protect", at + "/action");
        }
        entry.with().ifPresent(name -> protectionOf(at + "/with", node.name(), name));
        int ports = node.role() == LabNode.Role.MOBILE_NODE ? 1 : node.ports().size();
        entry.port().filter(port -> !port.matches("p[1-9][0-9]{0,3}") || Integer.parseInt(port.substring(1)) > ports).ifPresent(port ->
                check.error(at + "/port", "\"" + node.name() + "\" has no port \"" + port + "\"; its ports are "
                        + Words.list(java.util.stream.IntStream.rangeClosed(1, ports).mapToObj(n -> "p" + n).toList()), "/nodes/" + lab.nodes().indexOf(node) + "/ports"));
        LabSelector selector = entry.selector();
        if (selector.source().isPresent() && selector.destination().isPresent() && selector.source().get().isIp4() != selector.destination().get().isIp4()) {
            check.error(at + "/destination", "source and destination are of different IP versions; no packet is", at + "/source");
        }
        ports(at, selector);
    }

    /** A protection of which this node is an end. */
    Optional<LabProtection> protectionOf(String at, String node, String name) {
        Optional<LabProtection> protection = lab.protection(name);
        List<String> names = lab.ipsec().stream().map(LabProtection::name).toList();
        if (protection.isEmpty()) {
            check.error(at, "no protection \"" + name + "\"; protections are " + Words.list(names) + Words.suggest(name, names), "/ipsec");
        }
        protection.filter(p -> !p.first().equals(node) && !p.second().equals(node)).ifPresent(p ->
                check.error(at, "\"" + name + "\" is between \"" + p.first() + "\" and \"" + p.second() + "\", not for \"" + node + "\"",
                        "/ipsec/" + lab.ipsec().indexOf(p) + "/between"));
        return protection;
    }

    void action(String at, Action.ChangeSas sas) {
        if (check.node(at + "/node", sas.node()).isPresent()) {
            protectionOf(at + "/protection", sas.node(), sas.protection());
        }
        if (sas.delete() == sas.lifetime().isPresent()) {
            check.error(at, "give either \"delete\": true or a lifetime", at + "/delete", at + "/lifetime");
        }
        sas.lifetime().ifPresent(lifetime -> lifetime(at + "/lifetime", lifetime));
    }

    void action(String at, Action.SetPolicy policy) {
        policy.node().ifPresent(node -> check.node(at + "/node", node));
        check.letters(at + "/on", policy.on());
        check.letters(at + "/off", policy.off());
        if (policy.on().isEmpty() && policy.off().isEmpty()) {
            check.error(at, "changes nothing; give on, off or both", at + "/on", at + "/off");
        }
        for (int i = 0; i < policy.off().size(); i++) {
            if (policy.on().contains(policy.off().get(i))) {
                check.error(at + "/off/" + i, policy.off().get(i) + " is to be on, too; keep one");
            }
        }
    }
}
