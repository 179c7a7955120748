package careof.engine.state;

import careof.engine.base.IpAddress;

/**
 * A packet being put together again (RFC 8200 section 4.5, RFC 791 section 3.2).
 *
 * @param protocol in IPv4, where it tells packets apart, too; 0 in IPv6
 * @param sas      ids of the SAs that the fragments came through, joined by blanks; empty: none
 * @param received octets held
 * @param total    octets of the whole fragmentable part; -1 until the last fragment came
 * @param deadline when it is given up, nanoseconds
 */
public record Reassembly(IpAddress source, IpAddress destination, int protocol, long identification, String sas, int fragments, int received, int total,
        long deadline) implements State {
    @Override
    public String key() {
        return source + " " + destination + " " + protocol + " " + identification + (sas.isEmpty() ? "" : " through " + sas);
    }
}
