package careof.app.bench;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.ipsec.Ipsec;
import careof.engine.ipsec.PfKey;
import careof.engine.ipsec.SaMessages;
import careof.engine.ipsec.Sad;
import careof.engine.ipsec.Spd;
import careof.engine.ipsec.SpdMessages;
import careof.engine.policy.Policy;
import careof.engine.sim.Scheduler;
import careof.engine.stack.IpStack;
import careof.engine.stack.IpsecStages;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Packet;
import careof.engine.state.AddressEntry;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Detail;
import careof.engine.trace.Recorder;
import careof.engine.trace.TraceStore;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.pfkey.PfKeyMessage;
import java.util.List;
import java.util.Optional;

/** A node that puts packets into one ESP tunnel, from the question to its security policy to the whole outer packet; with its trace. */
public final class IpsecPipeline {
    /** Octets of each packet before the tunnel. */
    public static final int OCTETS = 1400;
    private static final Ip6Address HERE = Ip6Address.parse("2001:db8:1::1");
    private static final Ip6Address THERE = Ip6Address.parse("2001:db8:2::1");
    private static final Ip6Address FROM = Ip6Address.parse("2001:db8:3::1");
    private static final Ip6Address TO = Ip6Address.parse("2001:db8:4::1");

    private final IpStack stack;
    private final Ip6Packet inner;
    private final Octets octets;

    /** @param encryption AES-GCM alone, others with HMAC-SHA1-96; keys of 128 bits */
    public IpsecPipeline(Encryption encryption) {
        Scheduler scheduler = new Scheduler();
        NodeEnv env = new NodeEnv("node", scheduler, new Recorder(new TraceStore(Detail.SUMMARY), scheduler), Policy.ALL_ON, 1);
        stack = new IpStack(env, true, false);
        stack.autoconfiguration().configure(stack.addPort("p1", new MacAddress(0x0200_0000_0001L), false), HERE, AddressEntry.Origin.FIXED);
        Spd spd = new Spd(env);
        Sad sad = new Sad(env);
        PfKey pfKey = new PfKey(env, spd, sad, false);
        stack.ipsec(new Ipsec(stack, spd, sad, pfKey));
        PfKey.Socket daemon = pfKey.open();
        Selector selector = Selector.between(AddressRange.of(Prefix.parse("2001:db8:3::/64")), AddressRange.of(Prefix.parse("2001:db8:4::/64")));
        Authentication authentication = encryption.isCombined() ? Authentication.NULL : Authentication.HMAC_SHA1_96;
        ok(daemon.request(SaMessages.add(new Sa(0, 0x1001, Sa.Protocol.ESP, Sa.Mode.TUNNEL, HERE, THERE, selector, encryption,
                key(encryption.keyLengths().getFirst()), authentication, key(authentication.key()), true, 64, 0, Sa.Lifetimes.NONE, Sa.UdpPorts.NONE,
                Sa.Phase.MATURE, 0))));
        ok(daemon.request(SpdMessages.add(new SpdEntry(0, 1, SpdEntry.Direction.OUT, "", selector, SpdEntry.Action.PROTECT,
                List.of(new SpdEntry.Template(Sa.Protocol.ESP, Sa.Mode.TUNNEL, HERE, THERE, SpdEntry.Level.REQUIRE, 0))))));
        Octets data = Octets.zeros(OCTETS - 40 - 8);
        inner = Ip6Packet.of(FROM, TO, IpProtocol.UDP, new Udp(4000, 4000, data).toOctets(FROM, TO));
        octets = inner.toOctets();
    }

    private static void ok(PfKeyMessage answer) {
        if (answer.errno() != 0) {
            throw new IllegalStateException("refused: " + answer);
        }
    }

    private static Octets key(int octets) {
        byte[] key = new byte[octets];
        for (int i = 0; i < octets; i++) {
            key[i] = (byte) (17 * i + 3);
        }
        return Octets.wrap(key);
    }

    /** One packet more; gives it as it would leave. */
    public Octets protect() {
        Packet packet = stack.packet(0, false, octets);
        if (stack.ipsec().wanted(inner, Optional.of("p1")) instanceof IpsecStages.Wanted.Protection protection) {
            return stack.ipsec().tunnel(packet, inner, protection.sas()).orElseThrow().octets();
        }
        throw new IllegalStateException("not protected");
    }
}
