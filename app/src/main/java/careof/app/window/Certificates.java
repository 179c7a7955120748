package careof.app.window;

import careof.app.certificate.CertificateDialog;
import careof.app.certificate.CertificateFinder;
import careof.app.certificate.CertificateView;
import careof.app.certificate.ShownCertificate;
import careof.app.session.Notice;
import careof.app.session.Session;
import careof.app.theme.Theme;
import careof.engine.decode.Field;
import careof.engine.trace.TraceEvent.FrameSent;
import java.util.Optional;
import java.util.function.Function;
import javafx.stage.Stage;

/** Shows certificates in windows of their own; they are found and judged away from the window's thread. */
final class Certificates {
    private final Stage stage;
    private final Theme theme;
    private final Session session;
    private final Notices notices;

    Certificates(Stage stage, Theme theme, Session session, Notices notices) {
        this.stage = stage;
        this.theme = theme;
        this.session = session;
        this.notices = notices;
    }

    /** That of a node of the lab. */
    void ofNode(String node) {
        show(finder -> finder.ofNode(node));
    }

    /** That in a payload of a frame. */
    void ofPayload(FrameSent frame, Field payload) {
        show(finder -> Optional.of(finder.ofPayload(frame, payload)));
    }

    /** That of an end of a phase one, see {@link CertificateFinder#ofPhaseOne}. */
    void ofPhaseOne(String node, int ikeSa, boolean own) {
        show(finder -> finder.ofPhaseOne(node, ikeSa, own));
    }

    private void show(Function<CertificateFinder, Optional<ShownCertificate>> find) {
        CertificateFinder finder = new CertificateFinder(session.state());
        session.background().run(_ -> find.apply(finder).map(finder::view), this::open,
                e -> notices.show(new Notice(Notice.Level.ERROR, "The certificate cannot be shown", Notice.why(e))));
    }

    private void open(Optional<CertificateView> view) {
        view.ifPresentOrElse(found -> new CertificateDialog(stage, theme, found).show(),
                () -> notices.show(new Notice(Notice.Level.INFO, "No certificate", "It has shown none, and the lab gives it none.")));
    }
}
