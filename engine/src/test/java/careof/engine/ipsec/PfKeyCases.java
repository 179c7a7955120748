package careof.engine.ipsec;

import careof.engine.base.IpAddress;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** PF_KEY messages to say to our door and to a kernel, and what an answer says, in one form for both. */
public final class PfKeyCases {
    private static final IpAddress US = IpAddress.parse("fd01::1");
    private static final IpAddress THEM = IpAddress.parse("fd01::2");
    private static final IpAddress HOME = IpAddress.parse("fd0f::1");
    private static final IpAddress US4 = IpAddress.parse("192.0.2.1");
    private static final IpAddress THEM4 = IpAddress.parse("192.0.2.2");

    private final Door door = new Door(true);
    private final Map<String, Octets> cases = new LinkedHashMap<>();

    /** Our door, which remembers what it was told. */
    public List<Octets> ask(Octets message) {
        return door.socket.submit(message);
    }

    /** Each request with its name, to be sent in this order. */
    public Map<String, Octets> all() {
        cases.clear();
        algorithms();
        associations();
        policies();
        migrate();
        malformed();
        return cases;
    }

    private void say(String name, PfKeyMessage message) {
        say(name, new PfKeyMessage(message.type(), 0, message.saType(), message.sequence() == 0 ? cases.size() + 1 : message.sequence(), 99,
                message.extensions()).toOctets());
    }

    private void say(String name, Octets octets) {
        if (cases.put(name, octets) != null) {
            throw new IllegalStateException("twice: " + name);
        }
    }

    private void algorithms() {
        long spi = 0x1000;
        Sa base = Door.sa(0x1000, Sa.Mode.TRANSPORT, US, THEM);
        for (Encryption encryption : Encryption.values()) {
            for (int length : encryption.keyLengths()) {
                for (Authentication authentication : Authentication.values()) {
                    boolean ah = encryption == Encryption.NONE;
                    boolean bare = authentication == Authentication.NULL;
                    if (encryption.isCombined() || bare && (ah || encryption == Encryption.NULL || encryption == Encryption.AES_CTR)) {
                        continue;    // Linux lacks combined modes in PF_KEY; we refuse what it lets pass
                    }
                    Sa sa = Door.with(Door.named(base, spi++), ah ? Sa.Protocol.AH : Sa.Protocol.ESP, encryption, Door.key(length), authentication,
                            Door.key(authentication.key()));
                    String what = encryption + " " + length + " " + authentication;
                    say("add " + what, SaMessages.add(sa));
                    say("get " + what, SaMessages.get(sa.protocol(), sa.spi(), US, THEM));
                }
            }
        }
        say("dump AH", PfKeyMessage.of(PfKeyMessage.DUMP, PfKeyMessage.AH));
        say("flush AH", PfKeyMessage.of(PfKeyMessage.FLUSH, PfKeyMessage.AH));
        say("dump ESP", PfKeyMessage.of(PfKeyMessage.DUMP, PfKeyMessage.ESP));
        say("flush all", PfKeyMessage.of(PfKeyMessage.FLUSH, PfKeyMessage.ANY_SA));
        say("dump nothing", PfKeyMessage.of(PfKeyMessage.DUMP, PfKeyMessage.ANY_SA));
    }

    private void associations() {
        Sa sa = Door.sa(0x3001, Sa.Mode.TRANSPORT, US, THEM);
        say("add", SaMessages.add(sa));
        say("add twice", SaMessages.add(sa));
        say("get", SaMessages.get(Sa.Protocol.ESP, 0x3001, US, THEM));
        say("get another SPI", SaMessages.get(Sa.Protocol.ESP, 0x3002, US, THEM));
        say("get another protocol", SaMessages.get(Sa.Protocol.AH, 0x3001, US, THEM));
        Sa limited = Door.with(sa, new Sa.Lifetimes(50_000_000_000L, 60_000_000_000L, 1000, 2000));
        say("update lifetimes", SaMessages.update(limited));
        say("get updated", SaMessages.get(Sa.Protocol.ESP, 0x3001, US, THEM));
        say("update what is not there", SaMessages.update(Door.named(sa, 0x3009)));
        say("delete", SaMessages.delete(Sa.Protocol.ESP, 0x3001, US, THEM));
        say("delete twice", SaMessages.delete(Sa.Protocol.ESP, 0x3001, US, THEM));
        say("add with lifetimes", SaMessages.add(Door.with(Door.named(sa, 0x3003), limited.lifetimes())));
        say("add tunnel", SaMessages.add(Door.with(Door.sa(0x3004, Sa.Mode.TUNNEL, US, THEM), Selector.between(AddressRange.ALL_IP6, AddressRange.ALL_IP6), 9)));
        Selector inner = Selector.between(AddressRange.of(HOME), AddressRange.ALL_IP6);
        say("add tunnel with proxy", SaMessages.add(Door.with(Door.sa(0x3005, Sa.Mode.TUNNEL, US, THEM), inner, 10)));
        say("add 6 in 4", SaMessages.add(Door.with(Door.sa(0x3006, Sa.Mode.TUNNEL, US4, THEM4), inner, 11)));
        say("add IPv4", SaMessages.add(Door.sa(0x3007, Sa.Mode.TRANSPORT, US4, THEM4)));
        say("get tunnel with proxy", SaMessages.get(Sa.Protocol.ESP, 0x3005, US, THEM));
        say("get 6 in 4", SaMessages.get(Sa.Protocol.ESP, 0x3006, US4, THEM4));
        say("dump several", PfKeyMessage.of(PfKeyMessage.DUMP, PfKeyMessage.ANY_SA));
        say("get an SPI", SaMessages.getSpi(Sa.Protocol.ESP, Sa.Mode.TRANSPORT, US, THEM, 0x4001, 0x4001, 0));
        say("update the larval one", SaMessages.update(Door.named(sa, 0x4001)));
        say("get the larval one", SaMessages.get(Sa.Protocol.ESP, 0x4001, US, THEM));
        say("flush ESP", PfKeyMessage.of(PfKeyMessage.FLUSH, PfKeyMessage.ESP));
        for (int type : new int[] {PfKeyMessage.EXPIRE, PfKeyMessage.X_SPDACQUIRE, PfKeyMessage.X_SPDEXPIRE,
                PfKeyMessage.X_PCHANGE, PfKeyMessage.X_NEW_MAPPING}) {
            say(PfKeyMessage.name(type), PfKeyMessage.of(type, PfKeyMessage.ESP));
        }
    }

    private static SpdEntry.Template transport(Sa.Protocol protocol, SpdEntry.Level level, long requestId) {
        return new SpdEntry.Template(protocol, Sa.Mode.TRANSPORT, US, THEM, level, requestId);
    }

    private void policies() {
        AddressRange us = AddressRange.of(US);
        AddressRange them = AddressRange.of(THEM);
        SpdEntry mobility = Door.protect(SpdEntry.Direction.OUT, new Selector(us, them, 135, Selector.Ports.of(5), Selector.Ports.ANY),
                transport(Sa.Protocol.ESP, SpdEntry.Level.REQUIRE, 0));
        SpdEntry icmp = Door.protect(SpdEntry.Direction.IN, new Selector(them, us, 58, Selector.Ports.of(128), Selector.Ports.ANY),
                transport(Sa.Protocol.AH, SpdEntry.Level.USE, 0));
        SpdEntry nested = Door.protect(SpdEntry.Direction.OUT, new Selector(AddressRange.of(Prefix.parse("fd0f::/64")), AddressRange.ALL_IP6, 255,
                Selector.Ports.ANY, Selector.Ports.ANY), transport(Sa.Protocol.ESP, SpdEntry.Level.UNIQUE, 7), Door.tunnel(US, THEM, 8));
        SpdEntry across = Door.protect(SpdEntry.Direction.IN, Selector.between(AddressRange.ALL_IP4, AddressRange.ALL_IP4), Door.tunnel(THEM, US, 12));
        SpdEntry udp = new SpdEntry(0, 20, SpdEntry.Direction.OUT, "", new Selector(us, them, 17, Selector.Ports.of(500), Selector.Ports.of(500)),
                SpdEntry.Action.BYPASS, List.of());
        SpdEntry discard = new SpdEntry(0, 4_000_000_000L, SpdEntry.Direction.IN, "", Selector.between(AddressRange.ALL_IP6, AddressRange.ALL_IP6),
                SpdEntry.Action.DISCARD, List.of());
        int count = 0;
        for (SpdEntry entry : List.of(mobility, icmp, nested, across, udp, discard)) {
            say("policy " + ++count, SpdMessages.add(entry));
            say("policy " + count + " twice", SpdMessages.add(entry));
        }
        say("policy changed", SpdMessages.update(new SpdEntry(0, 21, udp.direction(), "", udp.selector(), SpdEntry.Action.DISCARD, List.of())));
        say("dump policies", PfKeyMessage.of(PfKeyMessage.X_SPDDUMP, PfKeyMessage.ANY_SA));
        say("delete policy", SpdMessages.message(PfKeyMessage.X_SPDDELETE, udp));
        say("delete policy twice", SpdMessages.message(PfKeyMessage.X_SPDDELETE, udp));
        say("optional tunnel out", SpdMessages.add(Door.protect(SpdEntry.Direction.OUT, Selector.between(us, us),
                new SpdEntry.Template(Sa.Protocol.ESP, Sa.Mode.TUNNEL, US, THEM, SpdEntry.Level.USE, 0))));
        SpdEntry.Template[] many = new SpdEntry.Template[7];
        Arrays.fill(many, transport(Sa.Protocol.ESP, SpdEntry.Level.REQUIRE, 0));
        say("seven transforms", SpdMessages.add(Door.protect(SpdEntry.Direction.OUT, Selector.between(us, us), many)));
        say("policy without addresses", PfKeyMessage.of(PfKeyMessage.X_SPDADD, 0, SpdMessages.add(udp).extensions().getLast()));
        say("policy without policy", PfKeyMessage.of(PfKeyMessage.X_SPDADD, 0).withExtensions(SpdMessages.add(udp).extensions().subList(0, 2)));
        say("flush policies", PfKeyMessage.of(PfKeyMessage.X_SPDFLUSH, PfKeyMessage.ANY_SA));
        say("dump no policies", PfKeyMessage.of(PfKeyMessage.X_SPDDUMP, PfKeyMessage.ANY_SA));
    }

    private void migrate() {
        Selector out = Selector.between(AddressRange.of(HOME), AddressRange.ALL_IP6);
        SpdEntry entry = Door.protect(SpdEntry.Direction.OUT, out, Door.tunnel(US, THEM, 5));
        IpAddress next = IpAddress.parse("fd08::8");
        say("to migrate: policy", SpdMessages.add(entry));
        say("to migrate: SA", SaMessages.add(Door.with(Door.sa(0x5001, Sa.Mode.TUNNEL, US, THEM), out, 5)));
        say("to migrate: SA of another", SaMessages.add(Door.with(Door.sa(0x5002, Sa.Mode.TUNNEL, US, THEM), out, 6)));
        say("migrate", Migration.of(entry, US, THEM, next, THEM).orElseThrow().message());
        say("migrated policy", PfKeyMessage.of(PfKeyMessage.X_SPDDUMP, PfKeyMessage.ANY_SA));
        say("migrated SAs", PfKeyMessage.of(PfKeyMessage.DUMP, PfKeyMessage.ANY_SA));
        say("migrate what is gone", Migration.of(entry, US, THEM, next, THEM).orElseThrow().message());
        SpdEntry other = Door.protect(SpdEntry.Direction.OUT, Selector.between(AddressRange.of(THEM), AddressRange.ALL_IP6), Door.tunnel(US, THEM, 5));
        say("migrate another selector", Migration.of(other, US, THEM, next, THEM).orElseThrow().message());
        SpdEntry in = Door.protect(SpdEntry.Direction.IN, out, Door.tunnel(next, THEM, 5));
        say("migrate the other direction", Migration.of(in, next, THEM, US, THEM).orElseThrow().message());
        SpdEntry moved = Door.protect(SpdEntry.Direction.OUT, out, Door.tunnel(next, THEM, 5));
        PfKeyMessage back = Migration.of(moved, next, THEM, US, THEM).orElseThrow().message();
        Octets wrong = new OctetWriter().octets(numbered(back).toOctets()).patch8(back.size() - back.extensions().getLast().size() + 6, 9).toOctets();
        say("migrate direction 9", wrong);
        say("migrate to another family", Migration.of(moved, next, THEM, US4, THEM4).orElseThrow().message());
        say("migrated to another family", SaMessages.get(Sa.Protocol.ESP, 0x5001, US4, THEM4));
        say("policy with an IPv4 tunnel", PfKeyMessage.of(PfKeyMessage.X_SPDDUMP, PfKeyMessage.ANY_SA));
        say("flush SAs after", PfKeyMessage.of(PfKeyMessage.FLUSH, PfKeyMessage.ANY_SA));
        say("flush policies after", PfKeyMessage.of(PfKeyMessage.X_SPDFLUSH, PfKeyMessage.ANY_SA));
    }

    private static PfKeyMessage numbered(PfKeyMessage m) {
        return new PfKeyMessage(m.type(), 0, m.saType(), 77, 99, m.extensions());
    }

    private void malformed() {
        PfKeyMessage add = numbered(SaMessages.add(Door.sa(0x6001, Sa.Mode.TRANSPORT, US, THEM)));
        Octets good = add.toOctets();
        say("cut in its header", good.slice(0, 12));
        say("cut within an extension", good.slice(0, good.length() - 8));
        say("longer than it says", new OctetWriter().octets(good).zeros(8).toOctets());
        say("version 1", patched(good, 0, 1));
        say("type 0", patched(good, 1, 0));
        say("type 25", patched(good, 1, 25));
        say("reserved field", patched(good, 6, 1));
        say("SA type 1", patched(good, 3, 1));
        say("SA type 200", patched(good, 3, 200));
        say("extension of length 0", patched(good, 16, 0));
        say("extension too long", patched(good, 16, 200));
        say("extension type 0", patched(good, 18, 0));
        say("address family 3", patched(good, 16 + 16 + 8, 3));
        say("prefix of 129", patched(good, 16 + 16 + 5, 129));
        say("an unknown extension", add.withExtensions(with(add, new PfKeyExtension.Unknown(1000, Octets.zeros(12)))));
        say("delete after an unknown extension", SaMessages.delete(Sa.Protocol.ESP, 0x6001, US, THEM));
        for (int i = 0; i < add.extensions().size(); i++) {
            int type = add.extensions().get(i).type();
            if (type != PfKeyExtension.X_SA2 && type != PfKeyExtension.KEY_AUTH) {
                say("lacks " + PfKeyExtension.name(type), add.withExtensions(without(add, i)));
            }
            say("twice " + PfKeyExtension.name(type), add.withExtensions(with(add, add.extensions().get(i))));
        }
        say("hard lifetime alone", add.withExtensions(with(add, new PfKeyExtension.Lifetime(PfKeyExtension.LIFETIME_HARD, 0, 1, 1, 0))));
        say("encryption 99", algorithm(add, 3, 99));
        say("authentication 99", algorithm(add, 99, 12));
        say("key too short", add.withExtensions(replaced(add, PfKeyExtension.Key.of(PfKeyExtension.KEY_ENCRYPT, Octets.zeros(8)))));
        say("two families", add.withExtensions(replaced(add, SelectorMessages.address(PfKeyExtension.ADDRESS_DST, THEM4))));
        say("mode 77", add.withExtensions(replaced(add, new PfKeyExtension.Sa2(77, 0, 0))));
    }

    private static PfKeyMessage algorithm(PfKeyMessage m, int authentication, int encryption) {
        return m.withExtensions(replaced(m, new PfKeyExtension.Association(0x6001, 32, 1, authentication, encryption, 0)));
    }

    static List<PfKeyExtension> with(PfKeyMessage m, PfKeyExtension more) {
        List<PfKeyExtension> all = new ArrayList<>(m.extensions());
        all.add(more);
        return all;
    }

    static List<PfKeyExtension> without(PfKeyMessage m, int index) {
        List<PfKeyExtension> all = new ArrayList<>(m.extensions());
        all.remove(index);
        return all;
    }

    static List<PfKeyExtension> replaced(PfKeyMessage m, PfKeyExtension by) {
        return m.extensions().stream().map(e -> e.type() == by.type() ? by : e).toList();
    }

    static Octets patched(Octets octets, int at, int value) {
        return new OctetWriter().octets(octets).patch8(at, value).toOctets();
    }

    /** What answers say, without what is each one's own: ids, current lifetimes, keys where RFC 2367 has none, the order of a list. */
    public static List<String> said(List<PfKeyMessage> answers) {
        List<String> said = new ArrayList<>(answers.stream().map(PfKeyCases::said).toList());
        said.sort(null);
        return said;
    }

    private static String said(PfKeyMessage m) {
        boolean one = m.type() == PfKeyMessage.DELETE || m.type() == PfKeyMessage.GETSPI;
        boolean keys = m.type() == PfKeyMessage.GET || m.type() == PfKeyMessage.DUMP;
        boolean tunnel = m.find(PfKeyExtension.Sa2.class).map(sa2 -> sa2.mode() == 2).orElse(false);
        TreeSet<String> parts = new TreeSet<>();
        for (PfKeyExtension extension : m.extensions()) {
            Optional<String> part = switch (extension) {
                case PfKeyExtension.Association e -> Optional.of("SPI " + e.spi()
                        + (one ? "" : " " + e.replayWindow() + " " + e.authentication() + " " + e.encryption() + " " + e.flags()));
                case PfKeyExtension.Lifetime e -> !one && e.type() != PfKeyExtension.LIFETIME_CURRENT && (e.octets() != 0 || e.addTime() != 0)
                        ? Optional.of(e.toString()) : Optional.empty();
                case PfKeyExtension.Address e when e.type() == PfKeyExtension.ADDRESS_PROXY ->
                        tunnel && e.prefixLength() > 0 && sameFamily(m, e) ? Optional.of("proxy " + e.socket().address() + "/" + e.prefixLength()) : Optional.empty();
                case PfKeyExtension.Address e when m.type() < PfKeyMessage.X_SPDUPDATE -> Optional.of(e.type() + " " + e.socket().address());
                case PfKeyExtension.Address e -> Optional.of(e.type() + " " + e.socket() + "/" + e.prefixLength() + " " + SelectorMessages.protocol(e));
                case PfKeyExtension.Key e -> keys && e.bits() > 0 ? Optional.of(e + " " + e.key()) : Optional.empty();
                case PfKeyExtension.Sa2 e -> one ? Optional.empty() : Optional.of(e.toString());
                case PolicyExtension e -> Optional.of(e.policy() + " " + e.direction() + " "
                        + (m.type() == PfKeyMessage.X_MIGRATE ? 0 : e.priority()) + " " + e.requests());
                default -> Optional.of(extension.toString());
            };
            part.ifPresent(parts::add);
        }
        return PfKeyMessage.name(m.type()) + " " + m.errno() + " of " + (m.type() == PfKeyMessage.X_MIGRATE ? 0 : m.saType()) + " " + parts;
    }

    /** Linux writes an IPv6 proxy address of an IPv4 SA as one of IPv4, which says nothing. */
    private static boolean sameFamily(PfKeyMessage m, PfKeyExtension.Address proxy) {
        return m.address(PfKeyExtension.ADDRESS_SRC).orElseThrow().socket().bits() == (proxy.prefixLength() > 32 ? 128 : proxy.socket().bits());
    }
}
