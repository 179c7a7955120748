package careof.engine.interop;

import java.util.ArrayList;
import java.util.List;

/** A swanctl.conf with one IKEv1 connection, {@code peer}; what is not said has strongSwan's defaults. */
final class StrongSwanConfig {

    private final List<String> connection = new ArrayList<>();
    private final List<String> children = new ArrayList<>();
    private final String local;
    private final String remote;
    private String authentication = "";
    private String secrets = "";

    /** Between two addresses; {@code %any} as the remote one for a responder that takes all. */
    StrongSwanConfig(String local, String remote) {
        this.local = local;
        this.remote = remote;
        connection.add("version = 1");
        connection.add("local_addrs = " + local);
        connection.add("remote_addrs = " + remote);
    }

    /** A line of the connection, such as {@code aggressive = yes}. */
    StrongSwanConfig with(String line) {
        connection.add(line);
        return this;
    }

    /** Pre-shared key; the addresses are the identities. */
    StrongSwanConfig psk(String secret) {
        return psk(local, remote, secret);
    }

    StrongSwanConfig psk(String localId, String remoteId, String secret) {
        authentication = ends("auth = psk", localId, "auth = psk", remoteId);
        secrets = "secrets { ike-1 {\n id-1 = " + localId + "\n id-2 = " + remoteId + "\n secret = \"" + secret + "\"\n} }\n";
        return this;
    }

    /** RSA signatures; the certificate is a file of x509, its key one of private, the authorities those of x509ca. */
    StrongSwanConfig rsa(String localId, String certificate, String remoteId) {
        authentication = ends("auth = pubkey\n certs = " + certificate, localId, "auth = pubkey", remoteId);
        secrets = "";
        return this;
    }

    /**
     * A child.
     *
     * @param mode  transport or tunnel
     * @param suite with the protocol before it: {@code esp aes128-sha1-modp2048}, the group for PFS
     * @param lines such as {@code local_ts = dynamic[135]}
     */
    StrongSwanConfig child(String name, String mode, String suite, String... lines) {
        var words = suite.split(" ");
        children.add(name + " {\n mode = " + mode + "\n " + words[0] + "_proposals = " + words[1] + "\n " + String.join("\n ", lines) + "\n}");
        return this;
    }

    String text() {
        return "connections { peer {\n" + String.join("\n", connection) + "\n" + authentication
                + "children {\n" + String.join("\n", children) + "\n}\n} }\n" + secrets;
    }

    private static String ends(String localAuthentication, String localId, String remoteAuthentication, String remoteId) {
        return "local { " + localAuthentication + "\n id = " + localId + "\n}\nremote { " + remoteAuthentication + "\n id = " + remoteId + "\n}\n";
    }
}
