package careof.engine.node;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.lab.IkeDefaults;
import careof.engine.lab.Lab;
import careof.engine.lab.LabCertificate;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabMaterial;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabPki;
import careof.engine.pki.Credential;
import careof.engine.pki.Pki;
import careof.engine.pki.RsaKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The certificates that a lab asks for: those that it plans, and those that its nodes have without a word. */
public final class LabCertificates {
    private LabCertificates() {}

    /**
     * Makes all certificates of a lab but those that it reads from files.
     *
     * @param lab one without errors
     */
    public static Pki make(Lab lab, Plan plan, RsaKeys keys) {
        return Pki.make(lab.pki().authorities(), IkeDefaults.plans(lab, node -> addresses(lab, plan, node)), lab.epoch(), keys);
    }

    /** All certificates of a lab with their keys, by name: those that were made, and those that were read from files. */
    public static Map<String, Credential> credentials(Lab lab, Pki made) {
        Map<String, Credential> all = new LinkedHashMap<>(made.credentials());
        for (LabCertificate certificate : lab.pki().certificates()) {
            certificate.file().ifPresent(file -> all.put(certificate.name(), Optional.ofNullable(lab.material().credentials().get(certificate.name()))
                    .orElseThrow(() -> unread(certificate.name(), file))));
        }
        return all;
    }

    /** The certificates of those whom a node believes, DER. */
    public static List<Octets> trusted(Lab lab, Pki made, String node) {
        return IkeDefaults.trusted(lab, node).stream().flatMap(name -> made.authorities().containsKey(name)
                ? Stream.of(made.authorities().get(name).certificate()) : root(lab, name).certificates().stream()).toList();
    }

    /** The revocation lists of those whom a node believes, DER; none where it does not look at them. */
    public static List<Octets> revocations(Lab lab, Pki made, String node) {
        return !IkeDefaults.ike(lab, node).checkCrl() ? List.of() : IkeDefaults.trusted(lab, node).stream().flatMap(name -> made.authorities().containsKey(name)
                ? Stream.of(made.authorities().get(name).revocations()) : root(lab, name).revocations().stream()).toList();
    }

    private static LabMaterial.Root root(Lab lab, String name) {
        LabPki.Root asked = lab.pki().roots().stream().filter(root -> root.name().equals(name)).findFirst().orElseThrow();
        return Optional.ofNullable(lab.material().roots().get(name)).orElseThrow(() -> unread(name, asked.file()));
    }

    private static IllegalArgumentException unread(String name, String file) {
        return new IllegalArgumentException("certificate \"" + name + "\" is in the file " + file + ", which was not read; open the lab from its folder");
    }

    /** Of a mobile node its home addresses; else one of each port, by which others may reach it. */
    private static List<IpAddress> addresses(Lab lab, Plan plan, String name) {
        LabNode node = lab.node(name).orElseThrow();
        List<IpAddress> addresses = new ArrayList<>();
        if (node.home().isPresent() || node.bridge()) {
            plan.address(name).ifPresent(addresses::add);
        } else {
            for (Plan.PortPlan port : plan.ports(name)) {
                port.address().or(() -> port.link().flatMap(LabLink::prefix).filter(prefix -> prefix.length() == 64)
                        .map(prefix -> prefix.with(port.mac().interfaceId()))).ifPresent(addresses::add);
                Optional<? extends IpAddress> address4 = port.address4();
                address4.ifPresent(addresses::add);
            }
        }
        if (node.home().isPresent()) {
            plan.address4(name).ifPresent(addresses::add);
        }
        return addresses;
    }
}
