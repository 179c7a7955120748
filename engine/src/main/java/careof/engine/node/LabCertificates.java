package careof.engine.node;

import careof.engine.base.IpAddress;
import careof.engine.lab.IkeDefaults;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.pki.Pki;
import careof.engine.pki.RsaKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
