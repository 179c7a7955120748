package careof.engine.stack;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.net.Port;
import careof.engine.wire.icmp.Icmp6Message.NeighbourSolicitation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Duplicate address detection (RFC 4862 section 5.4), for own addresses and for home addresses that a home agent is
 * about to defend (RFC 6275 section 10.3.1). One solicitation, one second; no random delay before it.
 */
public final class DuplicateAddressDetection {
    /** What becomes of an address. */
    public interface Outcome {
        /**
         * @param unique nobody else has it
         * @param who    otherwise: who does, for people
         */
        void ended(boolean unique, String who);
    }

    private record Key(String port, Ip6Address address) {}

    private final IpStack stack;
    private final Map<Key, Outcome> running = new LinkedHashMap<>();

    DuplicateAddressDetection(IpStack stack) {
        this.stack = stack;
    }

    /** Asks the link for an address; the outcome comes after a second, or as soon as another node shows up. */
    public void start(Port port, Ip6Address address, Outcome outcome) {
        Key key = new Key(port.name(), address);
        running.put(key, outcome);
        stack.addresses().join(address.solicitedNode());
        Ip6Address group = address.solicitedNode();
        stack.output().linkMessage(port, Ip6Address.ANY, group, MacAddress.multicast(group), new NeighbourSolicitation(address, List.of()));
        stack.env().timers().in(timer(key), NeighbourDiscovery.RETRANS_TIMER, () -> end(key, true, ""));
    }

    /** Gives up: the port left its link, or the address is no longer wanted. */
    public void cancel(Port port, Ip6Address address) {
        Key key = new Key(port.name(), address);
        if (running.remove(key) != null) {
            stack.env().timers().cancel(timer(key));
            stack.addresses().leave(address.solicitedNode());
        }
    }

    /** Somebody else uses or asks for an address; true when it was being detected here. */
    boolean contested(Port port, Ip6Address address, String who) {
        Key key = new Key(port.name(), address);
        if (!running.containsKey(key)) {
            return false;
        }
        stack.env().timers().cancel(timer(key));
        end(key, false, who);
        return true;
    }

    private void end(Key key, boolean unique, String who) {
        Outcome outcome = running.remove(key);
        stack.addresses().leave(key.address.solicitedNode());
        outcome.ended(unique, who);
    }

    private static String timer(Key key) {
        return "dad " + key.port + " " + key.address;
    }
}
