package careof.engine.ipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.state.AddressRange;
import careof.engine.state.Selector;
import careof.engine.state.Selector.Ports;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Reason;
import careof.engine.wire.Arbitrary;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The SPD gives the answer of a walk through all of its entries, whatever its index and its memory of flows do. */
class SpdTest {
    private static final int[] PROTOCOLS = {6, 17, 58, 135, 50};

    private final Door door = new Door();

    /** Few values of everything, so that entries and flows meet. */
    private static IpAddress address(Arbitrary any) {
        return any.below(4) == 0 ? new Ip4Address(0xc0000200 | any.below(8)) : new Ip6Address(0x20010db8_00000000L | any.below(3), any.below(8));
    }

    private static AddressRange range(Arbitrary any, boolean ip4) {
        IpAddress at = address(any);
        while (at instanceof Ip4Address != ip4) {
            at = address(any);
        }
        IpAddress other = address(any);
        while (other instanceof Ip4Address != ip4) {
            other = address(any);
        }
        IpAddress one = at;
        return switch (any.below(5)) {
            case 0, 1 -> AddressRange.of(one);
            case 2 -> ip4 ? AddressRange.of(new Ip4Prefix((Ip4Address) one, 24 + any.below(9))) : AddressRange.of(new Prefix((Ip6Address) one, 60 + any.below(69)));
            case 3 -> ip4 ? AddressRange.ALL_IP4 : AddressRange.ALL_IP6;
            default -> one.compareTo(other) <= 0 ? new AddressRange(one, other) : new AddressRange(other, one);
        };
    }

    private static Ports ports(Arbitrary any) {
        int low = any.below(5);
        return switch (any.below(4)) {
            case 0 -> Ports.of(low);
            case 1 -> new Ports(low, low + any.below(5));
            default -> Ports.ANY;
        };
    }

    private static Selector selector(Arbitrary any) {
        boolean ip4 = any.below(4) == 0;
        return new Selector(range(any, ip4), range(any, ip4), any.bool() ? Selector.ANY_PROTOCOL : PROTOCOLS[any.below(5)], ports(any), ports(any));
    }

    private static Flow flow(Arbitrary any) {
        IpAddress source = address(any);
        IpAddress destination = address(any);
        return new Flow(source, destination, PROTOCOLS[any.below(5)], any.below(9) - 1, any.below(9) - 1);
    }

    private Optional<SpdEntry> walk(SpdEntry.Direction direction, String port, Flow flow) {
        return door.spd.entries().stream().filter(entry -> entry.direction() == direction && SpdIndex.matches(entry, port, flow)).findFirst();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theIndexFindsWhatAWalkFinds(long seed) {
        Arbitrary any = new Arbitrary(seed);
        int found = 0;
        for (int round = 0; round < 400; round++) {
            List<SpdEntry> entries = door.spd.entries();
            if (any.below(3) == 0 && !entries.isEmpty()) {
                door.spd.delete(entries.get(any.below(entries.size())), Reason.PF_KEY);
            } else {
                SpdEntry.Direction direction = any.bool() ? SpdEntry.Direction.IN : SpdEntry.Direction.OUT;
                int id = any.below(5) == 0 && !entries.isEmpty() ? entries.getFirst().id() : door.spd.newId();
                door.spd.put(new SpdEntry(id, any.below(6), direction, any.below(4) == 0 ? "p1" : "", selector(any), SpdEntry.Action.BYPASS, List.of()),
                        Reason.PF_KEY);
            }
            List<Flow> flows = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                flows.add(flow(any));
            }
            for (int again = 0; again < 2; again++) {
                for (Flow flow : flows) {
                    for (SpdEntry.Direction direction : SpdEntry.Direction.values()) {
                        for (String port : List.of("", "p1", "p2")) {
                            Optional<SpdEntry> right = walk(direction, port, flow);
                            assertEquals(right, door.spd.lookup(direction, port.isEmpty() ? Optional.empty() : Optional.of(port), flow), () -> "for " + flow);
                            found += right.isPresent() ? 1 : 0;
                        }
                    }
                }
            }
        }
        assertTrue(found > 5000, "only " + found + " found something");
    }

    @Test
    void lowerPriorityComesFirstThenTheOlderEntry() {
        Selector all = Selector.between(AddressRange.ALL_IP6, AddressRange.ALL_IP6);
        Flow flow = new Flow(Door.HOME, Door.PEER, 17, 1, 2);
        SpdEntry late = put(20, all);
        assertEquals(late, door.spd.lookup(SpdEntry.Direction.OUT, Optional.empty(), flow).orElseThrow());
        SpdEntry first = put(10, new Selector(AddressRange.ALL_IP6, AddressRange.of(Door.PEER), 17, Ports.ANY, Ports.ANY));
        SpdEntry second = put(10, Selector.between(AddressRange.of(Door.HOME), AddressRange.ALL_IP6));
        assertEquals(first, door.spd.lookup(SpdEntry.Direction.OUT, Optional.empty(), flow).orElseThrow());
        assertEquals(second, door.spd.lookup(SpdEntry.Direction.OUT, Optional.empty(), new Flow(Door.HOME, Door.PEER, 6, 1, 2)).orElseThrow());
        assertEquals(List.of(first, second, late), door.spd.entries());
    }

    private SpdEntry put(long priority, Selector selector) {
        SpdEntry entry = new SpdEntry(door.spd.newId(), priority, SpdEntry.Direction.OUT, "", selector, SpdEntry.Action.BYPASS, List.of());
        door.spd.put(entry, Reason.PF_KEY);
        return entry;
    }

    @Test
    void theMemoryOfFlowsIsBounded() {
        Flows<Integer, String> flows = new Flows<>();
        for (int i = 0; i < 100_000; i++) {
            flows.put(i, "");
        }
        assertTrue(flows.size() < 10_000);
    }

    // What a packet shows

    private static Flow of(int protocol, String payload) {
        return Flow.of(Ip6Packet.of((Ip6Address) Door.HOME, (Ip6Address) Door.PEER, protocol, Octets.hex(payload)));
    }

    @Test
    void typesStandForPorts() {
        assertEquals(new Flow(Door.HOME, Door.PEER, 17, 500, 4500), of(17, "01f4119400080000"));
        assertEquals(new Flow(Door.HOME, Door.PEER, 6, 500, 4500), of(6, "01f4119400080000"));
        assertEquals(new Flow(Door.HOME, Door.PEER, 58, 129, 3), of(58, "81030000"));
        assertEquals(new Flow(Door.HOME, Door.PEER, 135, 5, Flow.OPAQUE), of(135, "3b010500"));
        assertEquals(new Flow(Door.HOME, Door.PEER, 50, Flow.OPAQUE, Flow.OPAQUE), of(50, "0000100000000001"));
        for (int protocol : PROTOCOLS) {
            assertEquals(new Flow(Door.HOME, Door.PEER, protocol, Flow.OPAQUE, Flow.OPAQUE), of(protocol, ""));
        }
    }

    @Test
    void fragmentsShowNoPorts() {
        Ip6Packet whole = Ip6Packet.of((Ip6Address) Door.HOME, (Ip6Address) Door.PEER, 17, Octets.hex("01f4119400080000"));
        Flow first = Flow.of(whole.withExtensions(List.of(new ExtensionHeader.Fragment(0, true, 7))));
        assertEquals(new Flow(Door.HOME, Door.PEER, 17, Flow.OPAQUE, Flow.OPAQUE), first);
        assertEquals(Flow.of(whole), Flow.of(whole.withExtensions(List.of(new ExtensionHeader.Fragment(0, false, 7)))), "an atomic fragment is whole");
        Selector ports = new Selector(AddressRange.ALL_IP6, AddressRange.ALL_IP6, 17, Ports.of(500), Ports.ANY);
        assertTrue(Sad.matches(ports, Flow.of(whole)) && !Sad.matches(ports, first));
    }

    @Test
    void homeAddressesCount() {
        Ip6Packet bare = Ip6Packet.of((Ip6Address) Door.CARE_OF, (Ip6Address) Door.PEER, IpProtocol.UDP, Octets.hex("01f4119400080000"));
        assertEquals(Door.HOME, Flow.of(bare.withExtensions(List.of(ExtensionHeader.DestinationOptions.of(new Ip6Option.HomeAddress((Ip6Address) Door.HOME)))))
                .source());
        assertEquals(Door.HOME, Flow.of(bare.withExtensions(List.of(new ExtensionHeader.Type2Routing(1, (Ip6Address) Door.HOME)))).destination());
    }
}
