package careof.engine.ipsec;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.stack.IpStack;
import careof.engine.stack.Verdict;
import careof.engine.state.Sa;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ipsec.AhHeader;
import careof.engine.wire.ipsec.EspHeader;
import java.util.List;
import java.util.Optional;

/** Whether packets came protected as the security policy wants (RFC 4301 section 5.2). */
final class Admission {
    private final IpStack stack;
    private final Spd spd;
    private final Sad sad;

    Admission(IpStack stack, Spd spd, Sad sad) {
        this.stack = stack;
        this.spd = spd;
        this.sad = sad;
    }

    /**
     * @param whole in final form
     * @param port  where it came in
     * @param sas   that were taken off, outermost first
     * @return empty: no entry is about it
     */
    Optional<Verdict> admit(IpPacket whole, Optional<String> port, List<Sa> sas) {
        if (sas.isEmpty() && isNeighbourDiscovery(whole)) {
            return Optional.empty();    // it never leaves its link, and without it nothing else does
        }
        Optional<IcmpQuote> quote = IcmpQuote.of(whole);
        if (quote.isPresent() && quote.get().tooBig() && (quote.get().protocol() == IpProtocol.ESP || quote.get().protocol() == IpProtocol.AH)) {
            Optional<Verdict> own = aboutOwn(quote.get());
            if (own.isPresent()) {
                return own;
            }
        }
        Optional<SpdEntry> found = spd.lookup(SpdEntry.Direction.IN, port, Flow.of(whole));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        SpdEntry entry = found.get();
        return Optional.of(switch (entry.action()) {
            case BYPASS -> Verdict.pass(Reason.SPD_BYPASS).by(entry);
            case DISCARD -> Verdict.drop(Reason.SPD_DISCARD).by(entry);
            case PROTECT -> satisfies(entry.templates(), sas) ? Verdict.pass(Reason.SPD_ACCEPTED).by(entry)
                    : Verdict.drop(Reason.SPD_UNPROTECTED, Words.transforms(entry.templates()), Words.protection(sas)).by(entry);
        });
    }

    private static boolean isNeighbourDiscovery(IpPacket packet) {
        return packet.protocol() == IpProtocol.ICMP6 && packet.hopLimit() == 255 && !packet.payload().isEmpty()
                && Icmp6Message.isNeighbourDiscovery(packet.payload().at(0));
    }

    /**
     * The path of an SA may be too narrow for its packets, and only routers that have no SA with us can tell: they are believed when they
     * quote an SA that we send through (RFC 4301 section 8.2), and never about one that we do not.
     */
    private Optional<Verdict> aboutOwn(IcmpQuote quote) {
        try {
            OctetReader in = new OctetReader(quote.rest());
            long spi = quote.protocol() == IpProtocol.ESP ? EspHeader.parse(in).spi() : AhHeader.parse(in).spi();
            Optional<Sa> sa = sad.inbound(quote.protocol() == IpProtocol.ESP ? Sa.Protocol.ESP : Sa.Protocol.AH, spi, quote.destination());
            if (sa.isPresent()) {
                return Optional.of(Verdict.pass(Reason.ICMP_ABOUT_SA, sa.get()).by(sa.get()));
            }
            return stack.isOwn(quote.source()) ? Optional.of(Verdict.drop(Reason.ICMP_ABOUT_NO_SA, Sa.spi(spi))) : Optional.empty();
        } catch (Malformed e) {
            return Optional.empty();    // too little is quoted: a packet like others
        }
    }

    /**
     * Whether the last transforms taken off are those that an entry wants. What was around them was looked at when it was taken off.
     *
     * @param templates innermost first
     * @param sas       outermost first
     */
    static boolean satisfies(List<SpdEntry.Template> templates, List<Sa> sas) {
        int at = sas.size() - 1;
        for (SpdEntry.Template template : templates) {
            if (at >= 0 && isAsWanted(sas.get(at), template)) {
                at--;
            } else if (template.level() != SpdEntry.Level.USE) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAsWanted(Sa sa, SpdEntry.Template template) {
        boolean joined = template.level() == SpdEntry.Level.UNIQUE ? sa.requestId() == template.requestId()
                : template.requestId() == 0 || sa.requestId() == 0 || sa.requestId() == template.requestId();
        return joined && sa.protocol() == template.protocol() && sa.mode() == template.mode();
    }
}
