package careof.engine.decode;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.ipsec.Unwrapped;
import careof.engine.state.Sa;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ipsec.AhHeader;
import careof.engine.wire.ipsec.EspHeader;
import java.util.Locale;
import java.util.Optional;

/** AH and ESP: what can be read without keys, and with an {@link Opener} what they protect. */
final class IpsecDissector {
    private IpsecDissector() {}

    private static void bound(int depth, Cursor c) throws Malformed {
        if (depth > Dissector.MAX_DEPTH) {
            throw new Malformed("more than " + Dissector.MAX_DEPTH + " layers inside each other", c.at());
        }
    }

    static void ah(Dissector d, Node parent, Cursor c, Pseudo pseudo, int depth) throws Malformed {
        bound(depth, c);
        Optional<IpPacket> packet = pseudo.packet();
        Octets there = c.ahead();
        Node n = d.open(parent, "Authentication Header", "ah", c);
        int start = c.at();
        int next = Dissector.protocol(n, c, "ah.next_header");
        int length = 4 * (2 + (int) c.number(n, 1, "Length", "ah.length", v -> v + " (" + 4 * (v + 2) + " octets)"));
        c.reserved(n, 2, "ah");
        long spi = c.hex(n, 4, "SPI", "ah.spi");
        long sequence = c.number(n, 4, "Sequence Number", "ah.sequence", Long::toString);
        n.value("SPI " + Sa.spi(spi) + ", sequence number " + sequence);
        if (length < AhHeader.FIXED || length - AhHeader.FIXED > c.left()) {
            throw new Malformed("AH says " + length + " octets, " + (c.left() + AhHeader.FIXED) + " are left", start + 1);
        }
        int icvAt = c.at();
        Node icv = c.raw(n, length - AhHeader.FIXED, "ICV", "ah.icv");
        Optional<Opener.Opened> opened = packet.filter(p -> p.payload().equals(there)).flatMap(_ -> d.opener().ah(pseudo.ip()));
        if (opened.isPresent()) {
            Opener.Opened o = opened.get();
            association(n, o, start + 4, start + 12);
            switch (o.what()) {
                case Unwrapped.Payload _ -> icv.leaf("ICV verdict", "ah.icv.status", icvAt, c.at(), "good");
                case Unwrapped.BadIcv _ -> icv.error("ICV verdict", "ah.icv.status", icvAt, c.at(), "bad");
                case Unwrapped.BadPadding w -> n.error("Malformed", "_ws.malformed", icvAt, c.at(), w.what());
                case Unwrapped.Broken w -> n.error("Malformed", "_ws.malformed", icvAt, c.at(), w.what());
            }
        } else {
            icv.leaf("ICV verdict", "ah.icv.status", icvAt, c.at(), "unverified (no key is known, or not all of what it covers is here)");
        }
        Octets rest = c.ahead();
        d.extensions(parent, c, next, pseudo.around(next, rest), depth + 1);
    }

    static void esp(Dissector d, Node parent, Cursor c, Pseudo pseudo, int depth) throws Malformed {
        bound(depth, c);
        Optional<IpPacket> packet = pseudo.packet();
        Octets there = c.ahead();
        Node n = d.open(parent, "Encapsulating Security Payload", "esp", c);
        int start = c.at();
        long spi = c.hex(n, 4, "SPI", "esp.spi");
        long sequence = c.number(n, 4, "Sequence Number", "esp.sequence", Long::toString);
        String name = "SPI " + Sa.spi(spi) + ", sequence number " + sequence;
        Optional<Opener.Opened> opened = packet.flatMap(p -> {
            IpAddress last = p instanceof Ip6Packet six ? six.finalDestination() : p.destination();
            return d.opener().esp(p.destination(), last, there);
        });
        if (opened.isEmpty()) {
            n.value(name + ", no key is known");
            c.rest(n, "Encrypted Data", "esp.encrypted_data");
            return;
        }
        Opener.Opened o = opened.get();
        Sa sa = o.sa();
        association(n, o, start, start + EspHeader.LENGTH);
        int icvLength = sa.encryption().icv() + sa.authentication().icv();
        if (c.left() < sa.encryption().iv() + icvLength) {
            n.value(name);
            throw new Malformed("ESP of " + there.length() + " octets is too short for its SA", start);
        }
        if (sa.encryption().iv() > 0) {
            c.raw(n, sa.encryption().iv(), "IV", "esp.iv");
        }
        c.raw(n, c.left() - icvLength, "Encrypted Data", "esp.encrypted_data");
        int icvAt = c.at();
        if (icvLength > 0) {
            Node icv = c.raw(n, icvLength, "ICV", "esp.icv");
            if (o.what() instanceof Unwrapped.BadIcv) {
                icv.error("ICV verdict", "esp.icv_bad", icvAt, c.at(), "1 (bad)");
            } else if (!(o.what() instanceof Unwrapped.Broken)) {
                icv.leaf("ICV verdict", "esp.icv_good", icvAt, c.at(), "1 (good)");
            }
        }
        switch (o.what()) {
            case Unwrapped.Payload p -> {
                n.value(name + ", opened");
                decrypted(d, n, p, pseudo.around(p.nextHeader(), p.payload()), depth);
            }
            case Unwrapped.BadIcv _ -> n.value(name + ", ICV wrong");
            case Unwrapped.BadPadding w -> n.error("Padding", "esp.pad.status", start, icvAt, w.what());
            case Unwrapped.Broken w -> n.error("Malformed", "_ws.malformed", start, icvAt, w.what());
        }
    }

    /** The layers within, in octets of their own. */
    private static void decrypted(Dissector d, Node n, Unwrapped.Payload p, Pseudo pseudo, int depth) {
        Octets clear = p.clear();
        int end = p.start() + p.payload().length();
        int padding = p.padding();
        Node within = n.decrypted("Decrypted Data", "esp.decrypted_data", clear, p.start(), end + padding + EspHeader.TRAILER);
        within.value(p.payload().length() + " octets");
        d.within(within, new Cursor(clear, p.start(), end), p.nextHeader(), pseudo, depth + 1);
        if (padding > 0) {
            within.leaf("Pad", "esp.pad", end, end + padding, clear.slice(end, end + padding).toHex());
        }
        within.leaf("Pad Length", "esp.pad_len", end + padding, end + padding + 1, Integer.toString(padding));
        within.leaf("Next Header", "esp.protocol", end + padding + 1, end + padding + 2, Dissector.protocolText(p.nextHeader()));
    }

    private static void association(Node n, Opener.Opened o, int start, int end) {
        Sa sa = o.sa();
        Node group = n.leaf("Security Association", "sa", start, end,
                o.node().isEmpty() ? sa.protocol() + " " + Sa.spi(sa.spi()) + " to " + sa.destination() : sa + ", of " + o.node());
        String algorithms = (sa.protocol() == Sa.Protocol.ESP ? sa.encryption().text() : "")
                + (sa.authentication() == Authentication.NULL ? "" : " " + sa.authentication().text());
        group.leaf("Algorithms", "sa.algorithms", start, end, algorithms.strip());
        if (!o.node().isEmpty()) {
            group.leaf("Mode", "sa.mode", start, end, sa.mode().name().toLowerCase(Locale.ROOT));
        }
        if (sa.extendedSequence()) {
            group.leaf("Sequence number with its high half", "sa.sequence", start, end, Long.toUnsignedString(o.sequence()));
        }
        if (!o.window().isEmpty()) {
            group.leaf("Replay window", "sa.window", start, end, o.window());
        }
        if (!sa.authenticates()) {
            group.leaf("Authentication", "sa.authentication", start, end, "none: nothing tells who sent it");
        }
    }
}
