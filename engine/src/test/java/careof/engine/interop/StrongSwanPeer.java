package careof.engine.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * strongSwan's charon as an IKEv1 peer in a {@link UmlPeer}, with the kernel's own ESP and AH. Its packages are unpacked, not installed: the guest
 * runs them with that folder as root, in which the tools and libraries of the host are below {@code /host}.
 *
 * <p>Configuration, certificates and log lie in the guest's {@code /run}; the log has what the IKE daemon derives, in hexadecimal.
 */
final class StrongSwanPeer implements AutoCloseable {

    private static final List<String> PACKAGES = List.of("libstrongswan", "libstrongswan-standard-plugins", "strongswan-libcharon", "strongswan-charon",
            "strongswan-swanctl", "strongswan-pki", "libcharon-extra-plugins", "libgmp10", "libssl3");
    private static final String LIBRARIES = "/usr/lib/x86_64-linux-gnu";
    /** The plugins: OpenSSL last, for 3DES and elliptic curves alone. */
    private static final String PLUGINS = "random drbg nonce aes sha1 sha2 md5 hmac kdf gmp pem pkcs1 pkcs8 x509 pubkey constraints revocation openssl";
    /** OpenSSL looks for vector instructions by itself; see {@link UmlPeer} on why it must not. */
    private static final String NO_VECTORS = "OPENSSL_ia32cap=~0x1000000000000000:~0xffffffff";
    /** As with us. Else its policies for all between two neighbours refuse our advertisements, as soon as it has forgotten where we are. */
    private static final String NEIGHBOUR_DISCOVERY_IN_CLEAR =
            " for type in 135 136; do for dir in in out; do ip xfrm policy add src ::/0 dst ::/0 proto ipv6-icmp type $type dir $dir priority 1 || exit; done; done;";
    private static final String LOG = "/run/charon.log";
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final UmlPeer guest;
    private final Path root;
    private final String enter;

    /** Boots the guest with one address of a /64 on its link; charon runs, with the default settings and no connection. */
    StrongSwanPeer(String address) throws IOException {
        root = prepared();
        enter = "LD_LIBRARY_PATH=" + LIBRARIES + ":/host" + LIBRARIES + " " + NO_VECTORS
                + " STRONGSWAN_CONF=/run/strongswan.conf SWANCTL_DIR=/run/swanctl chroot " + root + " ";
        guest = new UmlPeer();
        try {
            guest.run("for d in proc sys dev run; do mount --bind /$d " + root + "/$d || exit; done; mount --bind / " + root + "/host");
            guest.run("for d in x509 x509ca x509crl x509ocsp x509aa x509ac pubkey private rsa ecdsa bliss pkcs8 pkcs12; do mkdir -p /run/swanctl/$d; done");
            guest.run("ip addr add " + address + "/64 dev vec0 nodad");
            start("");
        } catch (IOException | RuntimeException e) {
            guest.close();
            throw e;
        }
    }

    UmlPeer guest() {
        return guest;
    }

    /**
     * Starts charon, anew if it runs, with an empty log.
     *
     * @param settings lines for its section of strongswan.conf
     */
    void start(String settings) throws IOException {
        guest.write("/run/strongswan.conf", """
                charon {
                  load = %s
                  install_virtual_ip = no
                  retransmit_timeout = 1.0
                  retransmit_base = 1.5
                  retransmit_tries = 3
                  %s
                  filelog { log {
                    path = %s
                    default = 1
                    flush_line = yes
                    ike = 4
                    chd = 4
                    knl = 2
                  } }
                }
                swanctl { load = %s }
                pki { load = %s }
                """.formatted(PLUGINS + " kernel-netlink socket-default vici", settings, LOG, PLUGINS, PLUGINS));
        guest.run("if [ -e /run/charon.pid ]; then kill $(cat /run/charon.pid); while [ -e /run/charon.pid ]; do sleep 0.05; done; fi;"
                + " rm -f /run/charon.vici " + LOG + "; ip xfrm state flush; ip xfrm policy flush; ip -6 neigh flush dev vec0;"
                + NEIGHBOUR_DISCOVERY_IN_CLEAR
                + " (" + enter + "/usr/lib/ipsec/charon > /run/charon.out 2>&1 &);"
                + " for i in $(seq 200); do [ -S /run/charon.vici ] && break; sleep 0.05; done; [ -S /run/charon.vici ] || { cat /run/charon.out; false; }");
    }

    /** Writes a certificate or key where swanctl looks for it, such as {@code x509ca/ca.pem}. */
    void put(String file, String text) throws IOException {
        guest.write("/run/swanctl/" + file, text);
    }

    /** Loads all connections and secrets, in place of those before; what is established stays. */
    void load(String configuration) throws IOException {
        guest.write("/run/swanctl/swanctl.conf", configuration);
        var loaded = swanctl("--load-all --clear");
        if (loaded.contains("failed") || !loaded.contains("successfully loaded")) throw new IOException("strongSwan says: " + loaded);
    }

    /** What swanctl prints, whatever its status. */
    String swanctl(String arguments) throws IOException {
        guest.start(enter + "/usr/sbin/swanctl " + arguments + " || true");
        return guest.finish(PATIENCE);
    }

    /** Starts IKE for a child and waits for it; true when it is there. */
    boolean initiate(String child) throws IOException {
        return swanctl("--initiate --child " + child + " --timeout 20").contains("initiate completed successfully");
    }

    /** Makes an authority of that name with strongSwan's own tool, and gives its certificate. */
    String authority(String name) throws IOException {
        key(name);
        return guest.run(enter + "/usr/bin/pki --self --ca --type rsa --in /run/" + name + ".key --dn CN=" + name
                + " --outform pem > /run/" + name + ".pem && cat /run/" + name + ".pem").strip() + "\n";
    }

    /**
     * Makes a certificate for CN of that name.
     *
     * @param options of pki --issue, such as {@code --san fd01::a}
     */
    String certificate(String authority, String name, String options) throws IOException {
        key(name);
        return guest.run(enter + "/usr/bin/pki --issue --type priv --in /run/" + name + ".key --cacert /run/" + authority + ".pem --cakey /run/"
                + authority + ".key --dn CN=" + name + " --outform pem " + options).strip() + "\n";
    }

    /** The key of a certificate that was made. */
    String privateKey(String name) throws IOException {
        return guest.run("cat /run/" + name + ".key").strip() + "\n";
    }

    private void key(String name) throws IOException {
        guest.run(enter + "/usr/bin/pki --gen --type rsa --size 2048 --outform pem > /run/" + name + ".key");
    }

    /** Lines of charon's log since its start or the last {@link #forget}. */
    String log() throws IOException {
        return guest.run("cat " + LOG);
    }

    /** Waits for a line of the log in which grep finds that pattern; false when none comes in that time. */
    boolean logs(String pattern, Duration patience) throws IOException {
        guest.start("end=$(($(date +%s) + " + patience.toSeconds() + ")); until grep -q '" + pattern + "' " + LOG
                + "; do [ $(date +%s) -gt $end ] && break; sleep 0.2; done; grep -q '" + pattern + "' " + LOG + " && echo found || true");
        return guest.finish(patience.plus(PATIENCE)).contains("found");
    }

    /** The log without its hexadecimal lines, and what the kernel has: why an assertion fails. */
    String why() {
        try {
            return guest.run("grep -v '[]]  *[0-9]*: [0-9A-F][0-9A-F] ' " + LOG + " | tail -60; ip -s xfrm state; ip xfrm policy; cat /proc/net/xfrm_stat");
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Empties the log. */
    void forget() throws IOException {
        guest.run("> " + LOG);
    }

    /** Pings through the guest's kernel; true when one of five is answered: the first may come too early. */
    boolean pings(String address) throws IOException {
        return guest.run("for i in 1 2 3 4 5; do busybox ping -c 1 -W 1 " + address + " && break; done || true").contains(" 0% packet loss");
    }

    @Override
    public void close() {
        guest.close();
    }

    private static Path prepared() throws IOException {
        var root = PeerPackages.unpacked("strongswan", PACKAGES, List.of());
        for (var mount : List.of("proc", "sys", "dev", "run", "host", "var")) Files.createDirectories(root.resolve(mount));
        link(root.resolve("var/run"), "/run");
        link(root.resolve("lib"), "host/lib");
        link(root.resolve("lib64"), "host/lib64");
        return root;
    }

    private static void link(Path link, String target) throws IOException {
        if (!Files.isSymbolicLink(link)) Files.createSymbolicLink(link, Path.of(target));
    }
}
