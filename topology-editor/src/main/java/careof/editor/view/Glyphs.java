package careof.editor.view;

import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import javafx.css.PseudoClass;

/** Icons and words of roles and kinds. */
public final class Glyphs {
    public static final PseudoClass SELECTED = PseudoClass.getPseudoClass("selected");
    public static final PseudoClass HOVERED = PseudoClass.getPseudoClass("hovered");
    public static final PseudoClass DROP_TARGET = PseudoClass.getPseudoClass("drop-target");
    public static final PseudoClass MOBILE = PseudoClass.getPseudoClass("mobile");
    public static final PseudoClass AWAY = PseudoClass.getPseudoClass("away");
    public static final PseudoClass STALE = PseudoClass.getPseudoClass("stale");
    public static final PseudoClass DOWN = PseudoClass.getPseudoClass("down");
    public static final PseudoClass FLIPPED = PseudoClass.getPseudoClass("flipped");
    public static final PseudoClass COMPACT = PseudoClass.getPseudoClass("compact");
    public static final PseudoClass ARMED = PseudoClass.getPseudoClass("armed");
    public static final PseudoClass INVALID = PseudoClass.getPseudoClass("invalid");

    private Glyphs() {}

    public static String icon(LabNode.Role role) {
        return switch (role) {
            case MOBILE_NODE -> "mdi2c-cellphone";
            case CORRESPONDENT -> "mdi2l-laptop";
            case HOME_AGENT -> "mdi2h-home-variant";
            case ROUTER -> "mdi2r-router";
            case HOST -> "mdi2d-desktop-tower-monitor";
            case ATTACKER -> "mdi2i-incognito";
        };
    }

    public static String icon(LabLink.Kind kind) {
        return switch (kind) {
            case WIRED -> "mdi2e-ethernet";
            case CELL -> "mdi2r-radio-tower";
        };
    }

    /** "Mobile node" */
    public static String words(LabNode.Role role) {
        return switch (role) {
            case MOBILE_NODE -> "Mobile node";
            case CORRESPONDENT -> "Correspondent node";
            case HOME_AGENT -> "Home agent";
            case ROUTER -> "Router";
            case HOST -> "Plain host";
            case ATTACKER -> "Attacker";
        };
    }

    public static String words(LabLink.Kind kind) {
        return switch (kind) {
            case WIRED -> "Wired link";
            case CELL -> "Wireless cell";
        };
    }
}
