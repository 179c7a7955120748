package careof.editor.view;

import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;

/** What the palette offers. */
public sealed interface PaletteItem {
    record OfNode(LabNode.Role role) implements PaletteItem {}

    record OfLink(LabLink.Kind kind) implements PaletteItem {}

    default String icon() {
        return switch (this) {
            case OfNode n -> Glyphs.icon(n.role());
            case OfLink l -> Glyphs.icon(l.kind());
        };
    }

    default String words() {
        return switch (this) {
            case OfNode n -> Glyphs.words(n.role());
            case OfLink l -> Glyphs.words(l.kind());
        };
    }

    /** At most seven letters, to stand under the icon. */
    default String caption() {
        return switch (this) {
            case OfNode n -> switch (n.role()) {
                case MOBILE_NODE -> "Mobile";
                case CORRESPONDENT -> "Corresp.";
                case HOME_AGENT -> "Home ag.";
                case ROUTER -> "Router";
                case HOST -> "Host";
                case ATTACKER -> "Attacker";
            };
            case OfLink l -> switch (l.kind()) {
                case WIRED -> "Link";
                case CELL -> "Cell";
            };
        };
    }

    /** Its word in lab files: the style class that colours it, and part of its button's id, "palette-mobile-node". */
    default String key() {
        return switch (this) {
            case OfNode n -> n.role().text();
            case OfLink l -> l.kind().text();
        };
    }
}
