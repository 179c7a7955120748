package careof.app.window;

import careof.app.session.Notice;
import careof.app.session.Session;

/** Shows what the worker has to say, with buttons for what can be done about it. */
final class Offers {
    private final Session session;
    private final Notices notices;
    private final Documents documents;

    Offers(Session session, Notices notices, Documents documents) {
        this.session = session;
        this.notices = notices;
        this.documents = documents;
    }

    void tell(Notice notice) {
        notices.show(notice, notice.offer().map(this::offer).stream().toArray(Notices.Offer[]::new));
    }

    private Notices.Offer offer(Notice.Offer what) {
        return switch (what) {
            case Notice.Offer.Open(var file) -> new Notices.Offer("Open", () -> documents.openAsking(file));
            case Notice.Offer.TakeBack(var left) -> new Notices.Offer("Remove", () -> session.background().run(_ -> {
                left.remove();
                return left;
            }, _ -> {
                notices.dismiss(Notice.NOT_LIVE);    // for what stood in the way
                notices.show(new Notice(Notice.Level.SUCCESS, "Removed", "What runs that were killed had set on interfaces is gone."));
            },
                    e -> notices.show(new Notice(Notice.Level.ERROR, "Not removed", Notice.why(e)))));
        };
    }
}
