package careof.app.overlay;

import careof.app.session.SessionState;
import careof.app.theme.Theme;
import careof.editor.TopologyEditor;
import careof.editor.model.Decoration;
import careof.editor.model.LinkState;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/** A run on the canvas: where its nodes are, what stands beside them, and what is drawn over them. */
public final class Overlays {
    private final TopologyEditor editor;
    private final Theme theme;
    private final Picture picture = new Picture();
    private final SaOverlay sas;
    private final BindingOverlay bindings;
    private final PacketOverlay packets;
    private final DropOverlay drops;
    private Map<String, List<Decoration>> decorations = Map.of();
    private Map<String, LinkState> links = Map.of();

    /** @param onFrame told of the event of a packet that is clicked */
    public Overlays(TopologyEditor editor, Theme theme, LongConsumer onFrame) {
        this.editor = editor;
        this.theme = theme;
        sas = new SaOverlay(theme::palette);
        bindings = new BindingOverlay(theme::palette);
        packets = new PacketOverlay(theme::palette, onFrame);
        drops = new DropOverlay(theme::palette);
        editor.addOverlay(sas);
        editor.addOverlay(bindings);
        editor.addOverlay(packets);
        editor.addOverlay(drops);
        theme.paletteProperty().subscribe(_ -> editor.requestOverlay());
    }

    /** Shows the run as it is at a moment. */
    public void show(SessionState state) {
        editor.motionProperty().set(!theme.calmProperty().get() && (!state.running() || state.speed() <= 2));
        Picture.attachments(state).forEach((node, link) -> {
            if (!link.equals(editor.attachmentsProperty().get(node))) {
                editor.attachmentsProperty().put(node, link);
            }
        });
        Map<String, List<Decoration>> texts = Picture.decorations(state);
        if (!texts.equals(decorations)) {
            decorations = texts;
            editor.decorationsProperty().set(texts);
        }
        Map<String, LinkState> changed = Picture.links(state);
        if (!changed.equals(links)) {
            links = changed;
            editor.linkStatesProperty().set(changed);
        }
        sas.show(Picture.saLines(state));
        bindings.show(Picture.arcs(state));
        packets.show(picture.flights(state));
        drops.show(Picture.drops(state));
        editor.requestOverlay();
    }
}
