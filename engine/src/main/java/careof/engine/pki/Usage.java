package careof.engine.pki;

/** What a certificate's key is for (RFC 5280 section 4.2.1.3). The order is that of the bits. */
public enum Usage {
    DIGITAL_SIGNATURE("digitalSignature"),
    NON_REPUDIATION("nonRepudiation"),
    KEY_ENCIPHERMENT("keyEncipherment"),
    DATA_ENCIPHERMENT("dataEncipherment"),
    KEY_AGREEMENT("keyAgreement"),
    KEY_CERT_SIGN("keyCertSign"),
    CRL_SIGN("cRLSign"),
    ENCIPHER_ONLY("encipherOnly"),
    DECIPHER_ONLY("decipherOnly");

    private final String text;

    Usage(String text) {
        this.text = text;
    }

    /** Its name in RFC 5280. */
    public String text() {
        return text;
    }
}
