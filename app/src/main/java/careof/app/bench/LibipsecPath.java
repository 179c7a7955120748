package careof.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The same tunnel by strongSwan in user space, for comparison: two of its daemons with the plugin kernel-libipsec, in a namespace each, over a pair of virtual
 * Ethernet interfaces; ESP with AES-128-GCM, made by IKEv2 with a shared secret. It knows nothing of the host's own strongSwan and leaves that alone.
 */
public final class LibipsecPath implements TunnelPath {
    /** Debian's packages. */
    public static final String PACKAGES = "charon-systemd strongswan-swanctl libcharon-extra-plugins libstrongswan-standard-plugins";
    private static final int TURNS = 100;

    private final Teardown teardown = new Teardown();
    private final Path folder;

    /** One of the two daemons; {@code letter} is the last of its outer address and the fourth of its inner one. */
    private record End(String namespace, String letter, Path folder) {
        private String outer() {
            return "fd99::" + letter;
        }

        private String inner() {
            return "fd0" + letter + "::1";
        }

        private Path socket() {
            return folder.resolve("vici");
        }

        private Map<String, String> environment() {
            return Map.of("STRONGSWAN_CONF", folder.resolve("strongswan.conf").toString(), "SWANCTL_DIR", folder.toString());
        }

        private void swanctl(String... words) throws IOException {
            String[] command = Stream.of(List.of("ip", "netns", "exec", namespace, "swanctl"), List.of(words), List.of("--uri", "unix://" + socket())).flatMap(List::stream).toArray(String[]::new);
            Programs.run(environment(), command);
        }
    }

    private final End a;
    private final End b;

    public static boolean isInstalled() {
        return Programs.has("charon-systemd") && Programs.has("swanctl");
    }

    /** @throws IOException where it cannot be set up, for a person to read */
    public LibipsecPath() throws IOException {
        folder = Files.createTempDirectory("careof-strongswan");
        teardown.add(() -> delete(folder));
        String id = Long.toString(ProcessHandle.current().pid());
        a = new End("careof-sa" + id, "a", folder.resolve("a"));
        b = new End("careof-sb" + id, "b", folder.resolve("b"));
        boolean done = false;
        try {
            connect();
            configure(a, b);
            configure(b, a);
            for (End end : List.of(a, b)) {
                Process daemon = Programs.start(end.environment(), "ip", "netns", "exec", end.namespace, "charon-systemd");
                teardown.add(() -> Programs.end(daemon));
            }
            for (End end : List.of(a, b)) {
                for (int i = 0; i < TURNS && !Files.exists(end.socket()); i++) {
                    Programs.pause(100);
                }
                end.swanctl("--load-all");
            }
            a.swanctl("--initiate", "--child", "tunnel", "--timeout", "20");
            done = true;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    private void connect() throws IOException {
        Programs.namespace(a.namespace, teardown);
        Programs.namespace(b.namespace, teardown);
        Programs.run("ip", "-n", a.namespace, "link", "add", "wire", "type", "veth", "peer", "name", "wire", "netns", b.namespace);
        for (End end : List.of(a, b)) {
            Programs.run("ip", "-n", end.namespace, "address", "add", end.outer() + "/64", "dev", "wire", "nodad");
            Programs.run("ip", "-n", end.namespace, "address", "add", end.inner() + "/128", "dev", "lo", "nodad");
            Programs.run("ip", "-n", end.namespace, "link", "set", "wire", "up");
        }
    }

    private static void configure(End own, End peer) throws IOException {
        Files.createDirectory(own.folder);
        Files.writeString(own.folder.resolve("strongswan.conf"), """
                charon {
                  load = random nonce aes sha1 sha2 hmac openssl kdf pem x509 pubkey kernel-libipsec kernel-netlink socket-default vici
                  install_virtual_ip = no
                  plugins {
                    vici {
                      socket = unix://%s
                    }
                  }
                }
                """.formatted(own.socket()));
        Files.writeString(own.folder.resolve("swanctl.conf"), """
                connections {
                  bench {
                    version = 2
                    local_addrs = %1$s
                    remote_addrs = %2$s
                    proposals = aes128-sha256-modp2048
                    local {
                      auth = psk
                      id = %1$s
                    }
                    remote {
                      auth = psk
                      id = %2$s
                    }
                    children {
                      tunnel {
                        local_ts = %3$s/128
                        remote_ts = %4$s/128
                        mode = tunnel
                        esp_proposals = aes128gcm16
                      }
                    }
                  }
                }
                secrets {
                  ike-bench {
                    secret = "for a measurement only"
                  }
                }
                """.formatted(own.outer(), peer.outer(), own.inner(), peer.inner()));
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            // Of no harm where temporary files lie.
        }
    }

    @Override
    public String name() {
        return "kernel-libipsec";
    }

    @Override
    public String sender() {
        return a.namespace;
    }

    @Override
    public String receiver() {
        return b.namespace;
    }

    @Override
    public String destination() {
        return b.inner();
    }

    @Override
    public void close() {
        teardown.close();
    }
}
