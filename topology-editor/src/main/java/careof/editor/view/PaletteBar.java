package careof.editor.view;

import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Separator;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;

/** The column of things that can be put on the canvas: dragged there, or clicked and then put down with a click. */
public final class PaletteBar extends VBox {
    public static final double WIDTH = 56;
    private static final double THRESHOLD = 4;
    /** In a lower bar the items go without their captions. */
    private static final double HEIGHT_WITH_CAPTIONS = 460;

    /** What the bar asks for. */
    public interface Carrier {
        /** The item is being dragged; called for each move. */
        void carry(PaletteItem item, MouseEvent e, boolean begins);

        void drop(MouseEvent e);

        /** The item was clicked: the next click on the canvas puts it down. */
        void arm(PaletteItem item);

        /** The item was chosen with the keyboard: it goes to the middle of the view. */
        void put(PaletteItem item);
    }

    private final Carrier carrier;
    private final Map<PaletteItem, VBox> buttons = new LinkedHashMap<>();
    private MouseEvent pressed;
    private PaletteItem pressedItem;
    private boolean carrying;

    /** @param around what the drag goes over; not every platform sends drags to the node where they began */
    public PaletteBar(Node around, Carrier carrier) {
        this.carrier = carrier;
        around.addEventFilter(MouseEvent.MOUSE_DRAGGED, this::dragged);
        around.addEventFilter(MouseEvent.MOUSE_RELEASED, this::released);
        getStyleClass().add("palette");
        setAlignment(Pos.TOP_CENTER);
        setMinWidth(WIDTH);
        setPrefWidth(WIDTH);
        setMaxWidth(WIDTH);
        setAccessibleText("Palette");
        for (LabNode.Role role : LabNode.Role.values()) {
            add(new PaletteItem.OfNode(role));
        }
        getChildren().add(new Separator());
        for (LabLink.Kind kind : LabLink.Kind.values()) {
            add(new PaletteItem.OfLink(kind));
        }
    }

    private void add(PaletteItem item) {
        var icon = new FontIcon(item.icon());
        icon.getStyleClass().add("role-icon");
        var caption = new Label(item.caption());
        caption.getStyleClass().add("caption");
        heightProperty().subscribe(height -> {
            boolean room = height.doubleValue() == 0 || height.doubleValue() >= HEIGHT_WITH_CAPTIONS;
            caption.setVisible(room);
            caption.setManaged(room);
        });
        var button = new VBox(icon, caption);
        button.getStyleClass().addAll("palette-item", item.key());
        button.setAlignment(Pos.CENTER);
        button.setId("palette-" + item.key());
        button.setFocusTraversable(true);
        button.setAccessibleRole(AccessibleRole.BUTTON);
        button.setAccessibleText("Add " + item.words());
        Tooltip.install(button, new Tooltip(item.words() + ": drag onto the canvas, or click and then click there"));
        button.addEventHandler(MouseEvent.MOUSE_PRESSED, e -> {
            pressed = e.getButton() == MouseButton.PRIMARY ? e : null;
            pressedItem = item;
            carrying = false;
            e.consume();
        });
        button.addEventHandler(KeyEvent.KEY_PRESSED, e -> {
            if (e.getCode() == KeyCode.ENTER || e.getCode() == KeyCode.SPACE) {
                carrier.put(item);
                e.consume();
            }
        });
        buttons.put(item, button);
        getChildren().add(button);
    }

    private void dragged(MouseEvent e) {
        if (pressed != null) {
            if (carrying || Math.hypot(e.getSceneX() - pressed.getSceneX(), e.getSceneY() - pressed.getSceneY()) >= THRESHOLD) {
                boolean begins = !carrying;
                carrying = true;
                carrier.carry(pressedItem, e, begins);
            }
            e.consume();
        }
    }

    private void released(MouseEvent e) {
        if (pressed != null) {
            pressed = null;
            if (carrying) {
                carrying = false;
                carrier.drop(e);
            } else {
                carrier.arm(pressedItem);
            }
            e.consume();
        }
    }

    /** Leaves the words out where there is no height for them. */
    public void fitInto(double height) {
        boolean compact = height < 470;
        pseudoClassStateChanged(Glyphs.COMPACT, compact);
        buttons.values().forEach(b -> {
            Node caption = b.getChildren().getLast();
            caption.setVisible(!compact);
            caption.setManaged(!compact);
        });
    }

    /** Marks the item that the next click puts down. */
    public void showArmed(Optional<PaletteItem> item) {
        buttons.forEach((i, b) -> b.pseudoClassStateChanged(Glyphs.ARMED, item.equals(Optional.of(i))));
    }
}
