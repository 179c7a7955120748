package careof.engine.interop;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Lab;
import careof.engine.lab.LabJson;
import careof.engine.node.LabCertificates;
import careof.engine.node.Plan;
import careof.engine.node.SecurityPlan;
import careof.engine.pki.Pem;
import careof.engine.pki.RsaKeys;
import careof.engine.state.IkeChild;
import careof.engine.state.IkeSa;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.traffic.Flow;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** strongSwan in a guest, which stays, and labs of ours on its wire, a new one for each case. strongSwan is the node {@code ss} of a lab. */
final class StrongSwanBench implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Our router {@code us}, and strongSwan. */
    static final String US = "fd01::1";
    static final String THEM = "fd01::2";
    /** A host {@code in} behind us, and strongSwan's other address: the ends of what goes through tunnels. */
    static final String BEHIND_US = "fd0a::9";
    static final String BEHIND_THEM = "fd0b::1";
    static final String SECRET = "not a secret";
    private static final String SS = "ss";
    private static final Map<String, String> ENCRYPTIONS = Map.of("aes128", "aes-cbc", "aes192", "aes-cbc", "aes256", "aes-cbc", "3des", "3des-cbc", "null", "null",
            "aes128ctr", "aes-ctr", "aes128gcm16", "aes-gcm");
    private static final Map<String, String> AUTHENTICATIONS = Map.of("md5", "hmac-md5-96", "sha1", "hmac-sha1-96", "sha256", "hmac-sha256-128", "aesxcbc", "aes-xcbc-96");

    final StrongSwanPeer peer;
    private SocketLab lab;
    private Lab read;
    private long seed;

    /** With strongSwan at {@link #THEM}. */
    static StrongSwanBench ofPair() throws IOException {
        var bench = new StrongSwanBench(THEM);
        bench.peer.guest().run("ip addr add fd0b::1/128 dev lo nodad; ip -6 route add fd0a::/64 via fd01::1 dev vec0 src fd0b::1");
        return bench;
    }

    /** @param address of the guest on its link, with a /64 */
    StrongSwanBench(String address) throws IOException {
        peer = new StrongSwanPeer(address);
        peer.guest().run("echo 0 > /proc/sys/net/ipv6/conf/vec0/accept_ra");    // no other address than that one
    }

    SocketLab lab() {
        return lab;
    }

    /** Forgets the lab before and begins another one, whose calendar is that of today; the JSON is that of its fields without name, seed and epoch. */
    void lab(String fields, Path folder) throws Exception {
        seed++;
        read = LabJson.read("interop", "{ \"careof\": 1, \"name\": \"IKE with strongSwan\", \"seed\": " + seed + ", \"epoch\": \"" + Instant.now().truncatedTo(ChronoUnit.SECONDS)
                + "\", " + fields + " }", List.of(), folder);
        lab = new SocketLab(read, SS, peer.guest());
    }

    /**
     * What our router and strongSwan are to agree on, in strongSwan's words.
     *
     * @param authentication psk or rsa
     * @param exchange       main or aggressive
     * @param suite          such as aes128-sha1-modp2048
     * @param mode           transport between both, or tunnel between what is behind them
     * @param child          such as "esp aes128-sha1-modp2048", the group for perfect forward secrecy
     */
    record Terms(String authentication, String exchange, String suite, String mode, String child) {
        static final Terms PSK = new Terms("psk", "main", "aes128-sha1-modp2048", "transport", "esp aes128-sha1");
        static final Terms RSA = new Terms("rsa", "main", "aes128-sha256-modp2048", "transport", "esp aes128-sha256");

        boolean isTunnel() {
            return mode.equals("tunnel");
        }

        /** The node of ours that pings. */
        String pinger() {
            return isTunnel() ? "in" : "us";
        }

        String ours() {
            return isTunnel() ? BEHIND_US : US;
        }

        String theirs() {
            return isTunnel() ? BEHIND_THEM : THEM;
        }

        /** The fields of our peer. */
        String peer(String secret) {
            return "\"peer\": \"ss\", \"auth\": \"" + authentication + "\", " + (authentication.equals("psk") ? "\"psk\": \"" + secret + "\", " : "")
                    + "\"exchange\": \"" + exchange + "\", " + StrongSwanBench.suite(suite) + ", \"pfs\": \"" + pfs(child) + "\"";
        }

        /** Our protection. */
        String protection() {
            return "{ \"name\": \"pair\", \"between\": [ \"us\", \"ss\" ], \"keying\": \"ike\", \"traffic\": "
                    + (isTunnel() ? "{ \"source\": \"fd0a::/64\", \"destination\": \"fd0b::/64\" }" : "\"all\"") + ", \"transforms\": [ " + transform(mode, child) + " ]";
        }

        StrongSwanConfig config() {
            var config = new StrongSwanConfig(THEM, US).with("proposals = " + suite);
            if (exchange.equals("aggressive")) config.with("aggressive = yes");
            if (authentication.equals("psk")) {
                config.psk(SECRET);
            } else {
                config.rsa("ss.lab", "own.pem", "us.lab");
            }
            return config;
        }

        /** With its child {@code c}. */
        StrongSwanConfig withChild(String... lines) {
            var all = new ArrayList<>(List.of(lines));
            if (isTunnel()) all.addAll(List.of("local_ts = fd0b::/64", "remote_ts = fd0a::/64"));
            return config().child("c", mode, child, all.toArray(String[]::new));
        }
    }

    /** A lab of a router of ours and strongSwan that want the same. */
    void lab(Terms terms) throws Exception {
        lab(terms, "", "", "");
    }

    /** @param fields each with a comma before it: more of our peer, more of our IKE settings, more of the protection */
    void lab(Terms terms, String ofPeer, String ofIke, String ofProtection) throws Exception {
        lab(terms.peer(SECRET) + ofPeer, ofIke, terms.protection() + ofProtection + " }", "");
    }

    /** @param more fields of the lab, with a comma before them */
    void lab(String peer, String ofIke, String protection, String more) throws Exception {
        lab(peer, ofIke, protection, more, Path.of("."));
    }

    /** @param folder of the files that the lab names */
    void lab(String peer, String ofIke, String protection, String more, Path folder) throws Exception {
        lab("""
                "links": [ { "name": "wire", "kind": "wired", "prefix": "fd01::/64" }, { "name": "inner", "kind": "wired", "prefix": "fd0a::/64" } ],
                "nodes": [ { "name": "us", "role": "router", "ports": [ { "link": "wire", "address": "fd01::1" }, { "link": "inner", "address": "fd0a::1" } ],
                             "routes": [ { "prefix": "fd0b::/64", "via": "fd01::2" } ], "ike": { "peers": [ { %s } ] %s } },
                           { "name": "in", "role": "host", "ports": [ { "link": "inner", "address": "fd0a::9" } ] },
                           { "name": "ss", "role": "host", "ports": [ { "link": "wire", "address": "fd01::2" } ] } ],
                "ipsec": [ %s ] %s""".formatted(peer, ofIke, protection, more), folder);
    }

    /** Gives strongSwan what the lab's authority {@code ca} made for its node, that one's own certificate and its revocation list. */
    void certify(String certificate) throws IOException {
        certify(peer, read, certificate);
    }

    static void certify(StrongSwanPeer peer, Lab lab, String certificate) throws IOException {
        var pki = LabCertificates.make(lab, new Plan(lab), RsaKeys.ofNames());
        var mine = LabCertificates.credentials(lab, pki).get(certificate);
        peer.put("x509/own.pem", new Pem(Pem.CERTIFICATE, mine.certificate()).text());
        peer.put("private/own.pem", new Pem(Pem.PRIVATE_KEY, Octets.wrap(mine.key().getEncoded())).text());
        peer.put("x509ca/ca.pem", new Pem(Pem.CERTIFICATE, pki.authorities().get("ca").certificate()).text());
        peer.put("x509crl/ca.pem", new Pem(Pem.REVOCATION_LIST, pki.authorities().get("ca").revocations()).text());
    }

    /** The fields of a phase one between a node and strongSwan, from strongSwan's words for the suite, such as aes128-sha1-modp2048. */
    static String suite(String words) {
        var word = words.split("-");
        return "\"encryption\": \"" + ENCRYPTIONS.get(word[0]) + "\"" + bits(word[0]) + ", \"hash\": \"" + word[1] + "\", \"group\": \"" + group(word[2]) + "\"";
    }

    /** The transform of a protection from strongSwan's words, such as "esp aes128-sha1-modp2048"; a group is not part of it. */
    static String transform(String mode, String words) {
        var word = words.split("[ -]");
        var ah = word[0].equals("ah");
        var authentication = ah ? word[1] : word.length > 2 ? word[2] : "";
        return "{ \"protocol\": \"" + word[0] + "\", \"mode\": \"" + mode + "\"" + (ah ? "" : ", \"encryption\": \"" + ENCRYPTIONS.get(word[1]) + "\"" + bits(word[1]))
                + (AUTHENTICATIONS.containsKey(authentication) ? ", \"authentication\": \"" + AUTHENTICATIONS.get(authentication) + "\"" : "") + " }";
    }

    /** The group of perfect forward secrecy in strongSwan's words for a child; "none" where there is none. */
    static String pfs(String words) {
        var last = words.substring(words.lastIndexOf('-') + 1);
        return last.startsWith("modp") || last.startsWith("ecp") ? group(last) : "none";
    }

    private static String group(String word) {
        return word.replaceAll("([0-9]+)$", "-$1");
    }

    private static String bits(String word) {
        return word.startsWith("aes") ? ", \"bits\": " + word.replaceAll("aes([0-9]{3}).*", "$1") : "";
    }

    /** A command of strongSwan's, while the lab lives on. */
    String swanctl(String arguments) throws IOException {
        return lab.meanwhile(() -> peer.swanctl(arguments));
    }

    boolean initiate(String child) throws IOException {
        return lab.meanwhile(() -> peer.initiate(child));
    }

    /** What strongSwan has said so far. */
    String log() throws IOException {
        return lab.meanwhile(peer::log);
    }

    boolean logs(String pattern) throws IOException {
        return lab.meanwhile(() -> peer.logs(pattern, PATIENCE));
    }

    /** Orders a node's key management to make the SAs of a protection. */
    void start(String node, String protection) {
        lab.act(() -> lab.node(node).keyManagement().orElseThrow().start(SS, requestIds(protection), Optional.empty(), Optional.empty()));
    }

    List<Long> requestIds(String protection) {
        return SecurityPlan.requestIds(read, read.protection(protection).orElseThrow());
    }

    List<IkeSa> phaseOnes(String node) {
        return lab.rows(node, IkeSa.class);
    }

    List<IkeChild> children(String node) {
        return lab.rows(node, IkeChild.class);
    }

    /** Waits until a node has so many established phase ones and SA pairs, and no more. */
    boolean has(String node, int phaseOnes, int children) throws IOException {
        return lab.run(() -> phaseOnes(node).stream().filter(sa -> sa.phase() == IkeSa.Phase.ESTABLISHED).count() == phaseOnes
                && phaseOnes(node).size() == phaseOnes && children(node).size() == children, PATIENCE);
    }

    /** Waits until strongSwan has the same SA pairs as a node, by their SPIs. */
    boolean agrees(String node) throws IOException {
        return lists(sas -> children(node).stream().allMatch(child -> sas.contains("in  %08x".formatted(child.outboundSpi())) && sas.contains("out %08x".formatted(child.inboundSpi())))
                && sas.lines().filter(line -> line.matches(" +in +[0-9a-f]{8}.*")).count() == children(node).size());
    }

    /** Waits until strongSwan's list of its SAs is as wanted: it logs a message before it has done what the message asks for. */
    boolean lists(Predicate<String> wanted) throws IOException {
        for (var end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
            if (wanted.test(swanctl("--list-sas"))) return true;
        }
        return false;
    }

    /** Pings from a node, for a minute; each goes on beside the others. */
    void ping(String node, String from, String to) {
        lab.act(() -> lab.node(node).flows().send(new Flow("ping " + from, node + "-" + SS, 1, true, Ip6Address.parse(from), Ip6Address.parse(to), 100 * VirtualTime.MILLISECOND,
                64, lab.now(), lab.now() + 60 * VirtualTime.SECOND)));
    }

    /** Whether a node's pings are answered. */
    boolean answered(String node) throws IOException {
        var before = lab.received(node);
        return lab.run(() -> lab.received(node) >= before + 3, PATIENCE);
    }

    /** Packets that came to strongSwan's kernel, but for an SA that it does not have. */
    long unknownSpis() throws IOException {
        return Long.parseLong(lab.meanwhile(() -> peer.guest().run("sed -n 's/^XfrmInNoStates[^0-9]*//p' /proc/net/xfrm_stat")).strip());
    }

    /** Whether strongSwan's kernel gets answers to its pings. */
    boolean answers(String address) throws IOException {
        return lab.meanwhile(() -> peer.pings(address));
    }

    /** Unprotected pings on the wire since an event, and their answers. strongSwan's kernel may answer before it has the policy, but after it has the SAs. */
    List<Ip6Packet> clear(long from) throws Malformed {
        return lab.packets("wire", from, p -> p.protocol() == IpProtocol.ICMP6 && (p.payload().at(0) == Icmp6Message.ECHO_REQUEST || p.payload().at(0) == Icmp6Message.ECHO_REPLY));
    }

    /** The same from the beginning, but only ours. */
    List<Ip6Packet> clear(String source) throws Malformed {
        return clear(0).stream().filter(p -> p.source().equals(Ip6Address.parse(source))).toList();
    }

    /** Waits for a decision on a node, a drop or a change, with that reason and words. */
    boolean decides(String node, Reason reason, String words) throws IOException {
        return lab.run(() -> decisions(node).stream().anyMatch(said -> said.startsWith(reason.name()) && said.contains(words)), PATIENCE);
    }

    /** What a node decided of packets, changed in its tables of IKE, and dropped. */
    List<String> decisions(String node) {
        var all = new ArrayList<String>();
        for (var event : lab.events(TraceEvent.class)) {
            switch (event) {
                case TraceEvent.Decided d when d.node().equals(node) -> all.add(d.reason().name() + " " + d.args());
                case TraceEvent.Dropped d when d.node().equals(node) -> all.add(d.reason().name() + " " + d.args());
                case TraceEvent.Changed c when c.node().equals(node) -> all.add(c.reason().name() + " " + c.args());
                default -> { }
            }
        }
        return all;
    }

    /** Why an assertion fails. */
    String why(String node) {
        var said = decisions(node).stream().filter(s -> s.startsWith("IKE")).toList();
        return String.join("\n", said.subList(Math.max(0, said.size() - 80), said.size())) + "\n" + lab.ports() + "\n" + lab.drops() + "\n" + phaseOnes(node) + "\n" + children(node) + "\n" + peer.why();
    }

    @Override
    public void close() {
        peer.close();
    }
}
