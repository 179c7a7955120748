package careof.engine.query;

import careof.engine.base.Octets;
import java.util.List;

/** What the octets of a packet say: the dissector's door for queries. */
public interface FieldSource {
    /** Knows nothing about packets. */
    FieldSource NONE = new FieldSource() {
        @Override
        public List<String> values(Packet packet, String field) {
            return List.of();
        }

        @Override
        public List<String> protocols(Packet packet) {
            return List.of();
        }

        @Override
        public String summary(Packet packet) {
            return "";
        }
    };

    /**
     * @param octets   of the whole frame or packet
     * @param linkType what they start with, as a number of the tcpdump registry
     * @param cut      whether its end was not kept
     */
    record Packet(Octets octets, int linkType, boolean cut) {
        private static final int ETHERNET = 1;
        private static final int RAW_IP = 101;

        /** @param ethernet true: an Ethernet frame; false: an IP packet */
        public Packet(Octets octets, boolean ethernet) {
            this(octets, ethernet ? ETHERNET : RAW_IP, false);
        }
    }

    /**
     * All values of a field, outermost first; empty: the packet has no such field.
     *
     * @param field for instance "ipv6.dst"
     */
    List<String> values(Packet packet, String field);

    /** The words for what it is, such as "ipv6", "MIPv6", "BU", "mobility". */
    List<String> protocols(Packet packet);

    /** Its line in a packet list. */
    String summary(Packet packet);
}
