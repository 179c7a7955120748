package careof.engine.pki;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * What a certificate's extensions say (RFC 5280 section 4.2).
 *
 * @param names           alternative names of the subject
 * @param otherNames      those of other kinds, for people
 * @param usage           what the key is for; absent: no limits
 * @param purposes        object identifiers of the applications that the key is for; absent: no limits
 * @param authority       whether the key signs certificates; absent: not said
 * @param pathLength      how many certificates may stand between the subject's and the end's
 * @param constrainsNames whether the subject may issue for some names only, which is not understood here
 * @param revocationLists where the issuer publishes its revocation lists
 * @param unknown         object identifiers of critical extensions that are not understood here
 */
public record Extensions(List<SubjectName> names, List<String> otherNames, Optional<Set<Usage>> usage, Optional<List<String>> purposes,
        Optional<Boolean> authority, OptionalInt pathLength, boolean constrainsNames, List<String> revocationLists, List<String> unknown) {
    static final Extensions NONE = new Extensions(List.of(), List.of(), Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), false,
            List.of(), List.of());
    private static final int MOST_NAMES = 256;

    /** Whether the key may sign for its subject (RFC 4945 sections 5.1.3.2 and 5.1.3.12). */
    public boolean allowsIke() {
        return usage.map(bits -> bits.contains(Usage.DIGITAL_SIGNATURE) || bits.contains(Usage.NON_REPUDIATION)).orElse(true)
                && purposes.map(ids -> ids.contains(KeyPurposeId.id_kp_ipsecIKE.getId())
                        || ids.contains(KeyPurposeId.anyExtendedKeyUsage.getId())).orElse(true);
    }

    /** Whether the key may be used so. */
    public boolean allows(Usage bit) {
        return usage.map(bits -> bits.contains(bit)).orElse(true);
    }

    static Extensions read(org.bouncycastle.asn1.x509.Extensions all) throws IOException, Malformed {
        if (all == null) {
            return NONE;
        }
        Reading reading = new Reading();
        for (ASN1ObjectIdentifier id : all.getExtensionOIDs()) {
            Extension extension = all.getExtension(id);
            reading.take(id, extension.isCritical(), Octets.wrap(extension.getExtnValue().getOctets()));
        }
        return reading.done();
    }

    /** One extension after the other. */
    private static final class Reading {
        private final List<SubjectName> names = new ArrayList<>();
        private final List<String> otherNames = new ArrayList<>();
        private Optional<Set<Usage>> usage = Optional.empty();
        private Optional<List<String>> purposes = Optional.empty();
        private Optional<Boolean> authority = Optional.empty();
        private OptionalInt pathLength = OptionalInt.empty();
        private boolean constrainsNames;
        private final List<String> revocationLists = new ArrayList<>();
        private final List<String> unknown = new ArrayList<>();

        Extensions done() {
            return new Extensions(List.copyOf(names), List.copyOf(otherNames), usage, purposes, authority, pathLength, constrainsNames,
                    List.copyOf(revocationLists), List.copyOf(unknown));
        }

        void take(ASN1ObjectIdentifier id, boolean critical, Octets value) throws Malformed {
            if (id.equals(Extension.subjectAlternativeName)) {
                Der.read(value, GeneralNames::getInstance, this::alternativeNames);
            } else if (id.equals(Extension.keyUsage)) {
                usage = Optional.of(Der.read(value, KeyUsage::getInstance, Reading::bits));
            } else if (id.equals(Extension.extendedKeyUsage)) {
                purposes = Optional.of(Der.read(value, ExtendedKeyUsage::getInstance, Reading::purposes));
            } else if (id.equals(Extension.basicConstraints)) {
                BasicConstraints constraints = Der.read(value, BasicConstraints::getInstance, read -> read);
                authority = Optional.of(constraints.isCA());
                pathLength = pathLength(constraints);
            } else if (id.equals(Extension.nameConstraints)) {
                constrainsNames = true;
            } else if (id.equals(Extension.cRLDistributionPoints)) {
                Der.read(value, CRLDistPoint::getInstance, this::points);
            } else if (critical) {
                unknown.add(id.getId());
            }
        }

        private static OptionalInt pathLength(BasicConstraints constraints) throws Malformed {
            BigInteger length = constraints.getPathLenConstraint();
            if (length == null) {
                return OptionalInt.empty();
            }
            if (length.signum() < 0) {
                throw new Malformed("a negative path length", 0);
            }
            return OptionalInt.of(length.min(BigInteger.valueOf(Integer.MAX_VALUE)).intValue());
        }

        private static Set<Usage> bits(KeyUsage usage) {
            Set<Usage> bits = EnumSet.noneOf(Usage.class);
            byte[] octets = usage.getBytes();
            for (Usage bit : Usage.values()) {
                int octet = bit.ordinal() / 8;
                if (octet < octets.length && (octets[octet] & 0x80 >> bit.ordinal() % 8) != 0) {
                    bits.add(bit);
                }
            }
            return Collections.unmodifiableSet(bits);
        }

        private static List<String> purposes(ExtendedKeyUsage usage) {
            List<String> ids = new ArrayList<>();
            for (KeyPurposeId id : usage.getUsages()) {
                ids.add(id.getId());
            }
            return List.copyOf(ids);
        }

        private Void alternativeNames(GeneralNames all) throws Malformed, IOException {
            GeneralName[] given = all.getNames();
            if (given.length > MOST_NAMES) {
                throw new Malformed(given.length + " names of one subject", 0);
            }
            for (GeneralName name : given) {
                Optional<SubjectName> known = name(name);
                known.ifPresentOrElse(names::add, () -> otherNames.add(kind(name) + ":" + Printable.text(name.getName().toString())));
            }
            return null;
        }

        /** Empty where it is of another kind, or not what its kind should be: then it names nobody. */
        private static Optional<SubjectName> name(GeneralName name) throws IOException, Malformed {
            try {
                return switch (name.getTagNo()) {
                    case GeneralName.dNSName -> Optional.of(new SubjectName.Dns(ASN1IA5String.getInstance(name.getName()).getString()));
                    case GeneralName.rfc822Name -> Optional.of(new SubjectName.Mail(ASN1IA5String.getInstance(name.getName()).getString()));
                    case GeneralName.directoryName -> Optional.of(new SubjectName.Directory(DistinguishedName.of(X500Name.getInstance(name.getName()))));
                    case GeneralName.iPAddress -> address(Octets.wrap(ASN1OctetString.getInstance(name.getName()).getOctets()));
                    default -> Optional.empty();
                };
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        private static Optional<SubjectName> address(Octets octets) throws Malformed {
            return switch (octets.length()) {
                case 16 -> Optional.of(new SubjectName.Ip(new OctetReader(octets).ip6()));
                case 4 -> Optional.of(new SubjectName.Ip(new OctetReader(octets).ip4()));
                default -> Optional.empty();
            };
        }

        private static String kind(GeneralName name) {
            return switch (name.getTagNo()) {
                case GeneralName.otherName -> "other";
                case GeneralName.rfc822Name -> "mail";
                case GeneralName.dNSName -> "dns";
                case GeneralName.directoryName -> "dn";
                case GeneralName.uniformResourceIdentifier -> "uri";
                case GeneralName.iPAddress -> "ip";
                case GeneralName.registeredID -> "id";
                default -> "kind " + name.getTagNo();
            };
        }

        private Void points(CRLDistPoint all) {
            for (DistributionPoint point : all.getDistributionPoints()) {
                DistributionPointName where = point.getDistributionPoint();
                if (where != null && where.getType() == DistributionPointName.FULL_NAME && revocationLists.size() < MOST_NAMES) {
                    for (GeneralName name : GeneralNames.getInstance(where.getName()).getNames()) {
                        revocationLists.add(Printable.text(name.getName().toString()));
                    }
                }
            }
            return null;
        }
    }
}
