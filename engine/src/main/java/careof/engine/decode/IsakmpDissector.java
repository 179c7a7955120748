package careof.engine.decode;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.state.IkeSa;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PayloadChain;

/** ISAKMP messages, payload by payload; encrypted ones with an {@link Opener} that has the key. */
public final class IsakmpDissector {
    private static final String PROTOCOL = "ISAKMP";

    private IsakmpDissector() {}

    /** The tree of a message that was decrypted before, see {@link SeenIke#ofPlain}; its root covers all octets. Nothing is ever thrown. */
    public static Field dissectPlain(Octets message) {
        Node root = Node.root(PROTOCOL, message.length() + " octets", message, "isakmp");
        Cursor c = new Cursor(message, 0, message.length());
        try {
            IsakmpHeader header = header(root, c);
            root.value(words(header));
            chain(root, c, header.nextPayload());
            c.rest(root, "Padding", "isakmp.padding");
        } catch (Malformed e) {
            root.error("Malformed", "_ws.malformed", Math.min(e.at(), message.length()), message.length(), e.getMessage());
        }
        return root.build();
    }

    private static String words(IsakmpHeader header) {
        return IsakmpHeader.exchangeName(header.exchange()) + ", " + IkeSa.cookies(header.initiatorCookie(), header.responderCookie())
                + (header.messageId() == 0 ? "" : String.format(", message id 0x%08x", header.messageId()));
    }

    /** One whole message, all that the cursor has left. */
    static void dissect(Dissector d, Node parent, Cursor c, Pseudo pseudo) throws Malformed {
        Octets octets = c.ahead();
        Node n = d.open(parent, PROTOCOL, "isakmp", c);
        int start = c.at();
        IsakmpHeader header = header(n, c);
        if (header.majorVersion() != 1) {
            n.value("version " + header.majorVersion() + "." + header.minorVersion());
            c.rest(n, "Payloads of another version", "isakmp.datapayload");
            return;
        }
        n.value(words(header));
        if (header.length() != octets.length()) {
            throw new Malformed("ISAKMP length is " + header.length() + ", " + octets.length() + " octets are there", start + 24);
        }
        SeenIke seen = SeenIke.of(IsakmpMessage.parse(octets), pseudo.source(), d.opener());
        n.value(seen.name() + ", " + words(header));
        if (!header.isEncrypted()) {
            chain(n, c, header.nextPayload());
            padding(n, c);
            return;
        }
        c.rest(n, "Encrypted Data", "isakmp.encrypted");
        if (seen.plain().isPresent()) {
            Octets plain = seen.plain().get();
            Node within = n.decrypted("Decrypted Data", "isakmp.decrypted", plain, 0, plain.length());
            within.value(plain.length() + " octets");
            Cursor clear = new Cursor(plain, 0, plain.length());
            try {
                chain(within, clear, header.nextPayload());
                clear.rest(within, "Padding", "isakmp.padding");
            } catch (Malformed e) {
                within.error("Malformed", "_ws.malformed", Math.min(e.at(), plain.length()), plain.length(), e.getMessage());
            }
        }
    }

    private static IsakmpHeader header(Node n, Cursor c) throws Malformed {
        Octets octets = c.ahead();
        c.raw(n, 8, "Initiator Cookie", "isakmp.ispi");
        c.raw(n, 8, "Responder Cookie", "isakmp.rspi");
        next(n, c);
        c.number(n, 1, "Version", "isakmp.version", v -> String.format("0x%02x (%d.%d)", v, v >> 4, v & 15));
        c.number(n, 1, "Exchange Type", "isakmp.exchangetype", v -> v + " (" + IsakmpHeader.exchangeName((int) v) + ")");
        int at = c.at();
        int flags = (int) c.hex(n, 1, "Flags", "isakmp.flags");
        n.leaf("Encryption", "isakmp.flag_e", at, at + 1, Dissector.flag(flags & IsakmpHeader.ENCRYPTION));
        n.leaf("Commit", "isakmp.flag_c", at, at + 1, Dissector.flag(flags & IsakmpHeader.COMMIT));
        n.leaf("Authentication Only", "isakmp.flag_a", at, at + 1, Dissector.flag(flags & IsakmpHeader.AUTH_ONLY));
        c.hex(n, 4, "Message ID", "isakmp.messageid");
        c.number(n, 4, "Length", "isakmp.length", Long::toString);
        return IsakmpHeader.parse(octets);
    }

    private static int next(Node n, Cursor c) throws Malformed {
        return (int) c.number(n, 1, "Next Payload", "isakmp.nextpayload", v -> v + " (" + Payload.name((int) v) + ")");
    }

    /** Up to three zeros may pad a message in the clear. */
    private static void padding(Node n, Cursor c) throws Malformed {
        int at = c.at();
        if (c.left() > 3 || !c.ahead().equals(Octets.zeros(c.left()))) {
            throw new Malformed(c.left() + " octets follow the last payload", at);
        }
        c.rest(n, "Padding", "isakmp.padding");
    }

    private static void chain(Node group, Cursor c, int first) throws Malformed {
        int type = first;
        for (int count = 0; type != Payload.NONE; count++) {
            if (count == PayloadChain.MOST) {
                throw new Malformed("more than " + PayloadChain.MOST + " payloads", c.at());
            }
            Node p = group.group(Payload.name(type), "isakmp.payload", c.at());
            int following = next(p, c);
            Cursor body = body(p, c);
            IsakmpPayloads.body(p, type, body);
            body.rest(p, "Data", "isakmp.datapayload");
            type = following;
        }
    }

    /** Reads the generic header behind its first octet; what the payload holds. */
    static Cursor body(Node p, Cursor c) throws Malformed {
        int at = c.at();
        if (c.number(p, 1, "Reserved", "isakmp.reserved") != 0) {
            throw new Malformed("the reserved octet of a payload is not zero", at);
        }
        int length = c.number(p, 2, "Payload Length", "isakmp.payloadlength");
        if (length < PayloadChain.HEADER || length - PayloadChain.HEADER > c.left()) {
            throw new Malformed("a payload of " + length + " octets, " + (c.left() + PayloadChain.HEADER) + " are left", at + 1);
        }
        Cursor body = c.part(length - PayloadChain.HEADER);
        p.endsAt(c.at());
        return body;
    }

    /** Reads the type of what follows within a security association; whether there is something. */
    static boolean follows(Node p, Cursor c, int type) throws Malformed {
        int at = c.at();
        int following = next(p, c);
        if (following != Payload.NONE && following != type) {
            throw new Malformed("a " + Payload.name(following) + " follows where only a " + Payload.name(type) + " may", at);
        }
        return following == type;
    }
}
