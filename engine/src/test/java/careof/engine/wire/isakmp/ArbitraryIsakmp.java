package careof.engine.wire.isakmp;

import careof.engine.base.Octets;
import careof.engine.wire.Arbitrary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Any legal ISAKMP message, from a seed. */
public final class ArbitraryIsakmp {
    /** Number of kinds that {@link #payload(int)} knows. */
    static final int KINDS = 18;

    private final Arbitrary any;

    public ArbitraryIsakmp(Arbitrary any) {
        this.any = any;
    }

    private <T> List<T> list(int least, int most, Supplier<T> one) {
        List<T> list = new ArrayList<>();
        for (int count = least + any.below(most + 1 - least); count > 0; count--) {
            list.add(one.get());
        }
        return list;
    }

    private Octets some() {
        return any.octets(any.below(60));
    }

    Attribute attribute() {
        int type = any.bool() ? 1 + any.below(16) : any.below(0x8000);
        return switch (any.below(3)) {
            case 0 -> Attribute.of(type, any.u16());
            case 1 -> Attribute.of(type, any.u64() >>> 1 + any.below(60));
            default -> Attribute.of(type, any.octets(any.below(12)));
        };
    }

    private Transform transform() {
        return new Transform(any.u8(), any.u8(), list(0, 6, this::attribute));
    }

    private Proposal proposal() {
        return new Proposal(any.u8(), any.bool() ? 1 + any.below(4) : any.u8(), any.octets(any.bool() ? 4 : any.below(20)),
                list(0, 4, this::transform));
    }

    Identification identification() {
        return switch (any.below(8)) {
            case 0 -> Identification.of(any.bool() ? any.ip4() : any.ip6());
            case 1 -> Identification.homeAddress(any.bool() ? any.ip4() : any.ip6());
            case 2 -> Identification.fqdn("node" + any.u16() + ".lab");
            case 3 -> new Identification(Identification.IPV6_ADDR_SUBNET, any.u8(), any.u16(), any.octets(32));
            case 4 -> new Identification(Identification.IPV4_ADDR_SUBNET, any.u8(), any.u16(), any.octets(8));
            case 5 -> new Identification(Identification.IPV6_ADDR_RANGE, any.u8(), any.u16(), any.octets(32));
            case 6 -> Identification.dn(some());
            default -> new Identification(any.u8(), any.u8(), any.u16(), some());
        };
    }

    private Payload.Delete delete() {
        int size = 1 + any.below(16);
        return new Payload.Delete(any.u32(), any.u8(), size, list(0, 5, () -> any.octets(size)));
    }

    /** A payload of one kind, 0 to {@link #KINDS} - 1. */
    Payload payload(int kind) {
        return switch (kind) {
            case 0 -> new SecurityAssociation(list(0, 4, this::proposal));
            case 1 -> new Payload.OtherAssociation(2 + any.below(5), some());
            case 2 -> new Payload.KeyExchange(some());
            case 3 -> identification();
            case 4 -> new Payload.Certificate(any.u8(), some());
            case 5 -> new Payload.CertificateRequest(any.u8(), some());
            case 6 -> new Payload.Hash(some());
            case 7 -> new Payload.Signature(some());
            case 8 -> new Payload.Nonce(some());
            case 9 -> new Notification(any.u32(), any.u8(), any.u16(), any.octets(any.below(17)), some());
            case 10 -> delete();
            case 11 -> new Payload.VendorId(some());
            case 12 -> new Payload.NatDiscovery(some());
            case 13 -> new Payload.NatOriginalAddress(any.bool() ? any.ip4() : any.ip6());
            case 14 -> new Payload.Fragment(any.u16(), any.u8(), any.u8(), some());
            case 15 -> new Payload.Delete(any.u32(), any.u8(), any.bool() ? 0 : any.u8(), List.of());
            case 16 -> new Payload.Unknown(14 + any.below(6), some());
            default -> new Payload.Unknown(133 + any.below(123), some());
        };
    }

    public Payload payload() {
        return payload(any.below(KINDS));
    }

    public List<Payload> payloads() {
        return list(0, 8, this::payload);
    }

    public IsakmpHeader header() {
        return new IsakmpHeader(any.u64(), any.u64(), any.u8(), any.u8(), any.u8(), any.u8(), any.u32(), any.u32());
    }

    /** A message in the clear whose version is 1. */
    public IsakmpMessage message() {
        IsakmpHeader header = IsakmpHeader.of(any.u64(), any.bool() ? 0 : any.u64(), any.bool() ? any.below(7) : any.u8(), any.bool() ? 0 : any.u32());
        return IsakmpMessage.clear(header.withFlags(any.bool() ? 0 : any.u8()), payloads());
    }
}
