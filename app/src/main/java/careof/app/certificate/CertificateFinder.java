package careof.app.certificate;

import careof.app.packets.Names;
import careof.app.session.Series;
import careof.app.session.SessionState;
import careof.engine.base.Octets;
import careof.engine.decode.Dissector;
import careof.engine.decode.Field;
import careof.engine.decode.LinkType;
import careof.engine.decode.PacketSummary;
import careof.engine.decode.Summary;
import careof.engine.lab.IkeDefaults;
import careof.engine.lab.Lab;
import careof.engine.lab.LabIkePeer;
import careof.engine.node.LabCertificates;
import careof.engine.node.Plan;
import careof.engine.pki.Credential;
import careof.engine.pki.Pki;
import careof.engine.pki.RsaKeys;
import careof.engine.state.IkeSa;
import careof.engine.trace.LabState.Row;
import careof.engine.trace.TraceEvent.FrameSent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the certificates of a run: in messages, of the ends of a phase one, of nodes. Reads only; for one state. */
public final class CertificateFinder {
    private static final String CERTIFICATE = "isakmp.cert";

    private final SessionState state;
    private final Names names = new Names();
    private Optional<Pki> made = Optional.empty();

    public CertificateFinder(SessionState state) {
        this.state = state;
        names.learn(state);
    }

    /** That of a payload in a frame, with the others of its message. */
    public ShownCertificate ofPayload(FrameSent frame, Field payload) {
        Octets chosen = octets(payload);
        List<Octets> chain = new ArrayList<>(List.of(chosen));
        in(frame).stream().filter(other -> !other.equals(chosen)).forEach(chain::add);
        PacketSummary summary = summary(frame);
        String title = "Certificate in " + summary.shortName() + " from " + names.of(summary.source());
        return new ShownCertificate(title, chain, names.node(summary.destination()), frame.at());
    }

    private PacketSummary summary(FrameSent frame) {
        return Summary.of(frame.frame(), LinkType.ETHERNET, state.index().opener());
    }

    /** Certificates in a frame, in order. */
    private List<Octets> in(FrameSent frame) {
        List<Octets> found = new ArrayList<>();
        Dissector.dissect(frame.frame(), LinkType.ETHERNET, state.index().opener()).walk(field -> {
            if (field.abbreviation().equals(CERTIFICATE)) {
                found.add(octets(field));
            }
        });
        return found;
    }

    private static Octets octets(Field field) {
        return field.octets().slice(field.start(), field.end());
    }

    /**
     * What an end of a phase one showed, or could have shown if nobody asked for it; empty: it has none.
     *
     * @param node whose phase one it is
     * @param own  that node's own certificate; else its peer's
     */
    public Optional<ShownCertificate> ofPhaseOne(String node, int ikeSa, boolean own) {
        Series messages = state.index().talks().exchange(node, ikeSa, 0);
        Optional<String> peer = state.tables().row(node, IkeSa.class, Integer.toString(ikeSa)).map(Row::state).map(IkeSa::peer)
                .filter(name -> !name.isEmpty());
        for (int i = messages.first(); i < messages.size(); i++) {
            if (!(state.trace().find(messages.get(i)).orElse(null) instanceof FrameSent frame)) {
                continue;    // kept no longer
            }
            List<Octets> chain = frame.node().equals(node) == own ? in(frame) : List.of();
            if (!chain.isEmpty()) {
                String title = "Certificate of " + frame.node() + ", in " + summary(frame).shortName();
                return Optional.of(new ShownCertificate(title, chain, own ? peer : Optional.of(node), frame.at()));
            }
        }
        return own ? ofNode(node) : peer.flatMap(this::ofNode);
    }

    /** That of a node, whether it has shown it or not; empty: it has none. */
    public Optional<ShownCertificate> ofNode(String node) {
        Lab lab = state.lab();
        if (lab.node(node).isEmpty() || !IkeDefaults.signs(lab, node)) {
            return Optional.empty();
        }
        Credential credential = LabCertificates.credentials(lab, made()).get(IkeDefaults.certificate(lab, node));
        Optional<String> judge = IkeDefaults.ike(lab, node).peers().stream().map(LabIkePeer::peer).findFirst();
        return Optional.ofNullable(credential).map(c -> new ShownCertificate("Certificate of " + node, c.chain(), judge, state.clock()));
    }

    private Pki made() {
        if (made.isEmpty()) {
            made = Optional.of(LabCertificates.make(state.lab(), new Plan(state.lab()), RsaKeys.ofNames()));
        }
        return made.get();
    }

    /** What the viewer shows of it. */
    public CertificateView view(ShownCertificate shown) {
        Lab lab = state.lab();
        List<Octets> trusted = shown.judge().map(node -> LabCertificates.trusted(lab, made(), node)).orElse(made().trusted());
        List<Octets> revocations = shown.judge().map(node -> LabCertificates.revocations(lab, made(), node)).orElse(List.of());
        return CertificateView.of(shown, trusted, revocations, lab.epoch().plusNanos(shown.at()));
    }
}
