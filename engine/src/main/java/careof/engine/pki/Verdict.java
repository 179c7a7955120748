package careof.engine.pki;

import java.security.interfaces.RSAPublicKey;
import java.util.Optional;

/** What {@link Chain#verify} finds. */
public sealed interface Verdict {
    /**
     * The chain leads to an authority that is trusted.
     *
     * @param end whose certificate it is
     * @param key the key that its subject signs with
     */
    record Trusted(CertificateInfo end, RSAPublicKey key) implements Verdict {}

    /**
     * It does not.
     *
     * @param why what kind of fault
     * @param words the fault, for a person
     * @param at  the certificate with the fault, where it could be read
     */
    record Refused(Why why, String words, Optional<CertificateInfo> at) implements Verdict {}

    /** Kinds of faults. The order of constants is part of the trace's binary form: append new ones at the end. */
    enum Why {
        /** No certificate was presented at all. */
        NONE("no-certificate"),
        /** Octets that are no certificate, or one with parts that contradict each other. */
        MALFORMED("malformed-certificate"),
        /** More certificates, or a longer way to an authority, than is looked at. */
        TOO_LONG("chain-too-long"),
        /** The way does not lead to a trusted authority. */
        UNKNOWN_AUTHORITY("unknown-authority"),
        /** The issuer did not sign it, or with an algorithm that is not taken. */
        BAD_SIGNATURE("bad-certificate-signature"),
        /** Its validity is over. */
        EXPIRED("certificate-expired"),
        /** Its validity has not begun. */
        NOT_YET_VALID("certificate-not-yet-valid"),
        /** Its issuer says that it is revoked. */
        REVOKED("certificate-revoked"),
        /** The issuer's revocation list is not signed by it, is over its age, or cannot be understood. */
        NO_REVOCATION_LIST("no-revocation-list"),
        /** An issuer that is no authority, or one that may not issue so far down. */
        NOT_A_CA("not-an-authority"),
        /** The key is not for this use. */
        KEY_USAGE("key-usage"),
        /** A critical extension that is not understood. */
        UNKNOWN_EXTENSION("unknown-critical-extension"),
        /** The end's key is not one of RSA that is looked at. */
        UNKNOWN_KEY("unknown-key");

        private final String text;

        Why(String text) {
            this.text = text;
        }

        /** A word for traces. */
        public String text() {
            return text;
        }
    }
}
