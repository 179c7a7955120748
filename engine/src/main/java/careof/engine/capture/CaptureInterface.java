package careof.engine.capture;

/**
 * Where packets of a capture file were seen.
 *
 * @param name        as the file says; empty: it says nothing
 * @param description may be empty
 * @param linkType    what its packets start with, as a number of the tcpdump registry: 1 is Ethernet
 * @param snapLength  octets kept of each packet; 0: all
 */
public record CaptureInterface(String name, String description, int linkType, int snapLength) {}
