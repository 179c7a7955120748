package careof.engine.crypto;

import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** A key pair in the group of points of a curve of NIST (RFC 5903). Bouncy Castle's arithmetic here takes a fifth of the platform's time. */
final class CurveKey implements DhKey {
    private static final X9ECParameters P_256 = CustomNamedCurves.getByName("P-256");
    private static final X9ECParameters P_384 = CustomNamedCurves.getByName("P-384");

    private final DhGroup group;
    private final X9ECParameters curve;
    private final BigInteger factor;
    private final Octets publicValue;

    CurveKey(DhGroup group, Octets secret) {
        this.group = group;
        this.curve = curve(group);
        this.factor = new BigInteger(1, secret.toArray()).mod(curve.getN());
        if (factor.signum() == 0) {
            throw new IllegalArgumentException("a private value of zero");
        }
        ECPoint point = new FixedPointCombMultiplier().multiply(curve.getG(), factor).normalize();
        this.publicValue = new OctetWriter(group.publicLength()).octets(coordinate(point.getAffineXCoord().toBigInteger()))
                .octets(coordinate(point.getAffineYCoord().toBigInteger())).toOctets();
    }

    @Override
    public DhGroup group() {
        return group;
    }

    @Override
    public Octets publicValue() {
        return publicValue;
    }

    @Override
    public Optional<Octets> secret(Octets peer) {
        // The order is a prime and the factor below it: the product of a point on the curve is never the point at infinity.
        return point(group, peer).map(point -> coordinate(point.multiply(factor).normalize().getAffineXCoord().toBigInteger()));
    }

    /** The point that a public value is; empty: it is none. */
    static Optional<ECPoint> point(DhGroup group, Octets peer) {
        if (peer.length() != group.publicLength()) {
            return Optional.empty();
        }
        ECCurve curve = curve(group).getCurve();
        BigInteger x = new BigInteger(1, peer.slice(0, peer.length() / 2).toArray());
        BigInteger y = new BigInteger(1, peer.from(peer.length() / 2).toArray());
        BigInteger field = curve.getField().getCharacteristic();
        if (x.compareTo(field) >= 0 || y.compareTo(field) >= 0) {
            return Optional.empty();
        }
        return Optional.of(curve.createPoint(x, y)).filter(ECPoint::isValid);
    }

    private static X9ECParameters curve(DhGroup group) {
        return group == DhGroup.ECP_256 ? P_256 : P_384;
    }

    private Octets coordinate(BigInteger value) {
        return DhKey.padded(value, group.secretLength());
    }
}
