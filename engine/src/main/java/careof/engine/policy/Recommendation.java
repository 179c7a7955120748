package careof.engine.policy;

/** The recommendations of draft-dupont-ipsec-mipv6-00, each with its section and what it asks for, in our words. */
public enum Recommendation {
    A("2.2", "A home address option under an authenticating SA is verifiable, and verified by IPsec"),
    B("2.3", "IPsec tunnel mode and the Mobile IPv6 tunnel share one encapsulation"),
    C1("2.4", "After inbound tunnel processing the inner source is checked against the selector"),
    C2("2.4", "The outer source in tunnel mode is never checked"),
    D("2.4", "Tunnels of any IP version in any IP version"),
    E1("2.5", "A binding update under an authenticating SA is authenticated"),
    E2("2.5", "The authentication covers every binding update parameter, the care-of address too"),
    F("2.5", "Mobility signalling updates the addresses of SAs directly"),
    G("3.1", "The phase one identity must match the certificate"),
    H("3.1", "An address identity must be the address that transports IKE"),
    I("3.1", "An address in the certificate should match the transport address"),
    J("3.1", "A certificate without any address has constraints of its own"),
    K("3.1", "A home address identity"),
    L1("3.2", "Phase two carries identities where its addresses may differ from phase one's"),
    L2("3.2", "A phase two's peer addresses are those that transport it"),
    M("3.2", "Phase two identities denote address sets"),
    N("3.2", "A transport SA pair may be for an address that does not transport IKE"),
    O("3.3", "With a standard correspondent the mobile node uses its home address for IKE and SAs"),
    P("3.4", "The SA pair for registrations can be made over the care-of address"),
    Q("3.4", "Phase one lifetime is independent of the SAs' lifetimes"),
    R("3.4", "Phase one is found by its cookies when the address is new");

    private final String section;
    private final String title;

    Recommendation(String section, String title) {
        this.section = section;
        this.title = title;
    }

    /** Section of the draft, for instance "2.4". */
    public String section() {
        return section;
    }

    /** What it asks for, in a short sentence of ours. */
    public String title() {
        return title;
    }
}
