package careof.app.live;

import careof.app.session.Notice;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.live.Namespace;
import careof.engine.live.PortRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ListCell;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.kordamp.ikonli.javafx.FontIcon;

/** One port to the outside, as a user fills it in. */
final class PortForm extends HBox {
    /** What may be behind a port; of each field how it is asked for, empty: there is none. */
    enum Kind {
        HOST("This machine upon node", "tun0", NAMESPACE, "MTU 1400", "A TUN interface gets the node's address; programs of this machine talk through the node."),
        NEIGHBOUR("This machine on link", "tap0", NAMESPACE, "address, such as 2001:db8::99/64", "A TAP interface is a neighbour on the link; without an address it takes one as its routers advertise."),
        SOCKET("Another machine on link", "UDP port here", "", "there: host:port", "Frames in UDP datagrams, L2TPv3 framing: user-mode-linux, QEMU or another Careof. Here: [host:]port; there: host:port, and"
                + " ,session/session (ours/theirs) where they are not 17."),
        INTERFACE("Real interface on link", "eth1", NAMESPACE, "filter, such as ip6", "An Ethernet interface of this machine by libpcap; the filter says what comes in.");

        private final String text;
        private final String device;
        private final String namespace;
        private final String more;
        private final String tip;

        Kind(String text, String device, String namespace, String more, String tip) {
            this.text = text;
            this.device = device;
            this.namespace = namespace;
            this.more = more;
            this.tip = tip;
        }
    }

    private static final String NAMESPACE = "namespace";

    /**
     * What a user filled in, for the next time.
     *
     * @param place null: none
     */
    record Draft(Kind kind, String place, String device, String namespace, String more) {}

    /** Where programs of this machine are likely to talk: a mobile node, then those that it talks with. */
    private static final Comparator<LabNode> LIKELY = Comparator.comparing(node -> switch (node.role()) {
        case MOBILE_NODE -> 0;
        case CORRESPONDENT, HOST -> 1;
        case HOME_AGENT, ROUTER, ATTACKER -> 2;
    });

    private final Lab lab;
    private final Supplier<List<PortForm>> forms;
    private final ComboBox<Kind> kind = new ComboBox<>();
    private final ComboBox<String> place = new ComboBox<>();
    private final TextField device = new TextField();
    private final TextField namespace = new TextField();
    private final TextField more = new TextField();

    /** What a form says: a request, or what is wrong with it. */
    record Content(Optional<PortRequest> request, String problem) {}

    /**
     * @param number  from 1, for names that tests and screen readers use
     * @param forms   all that there are: what others have, this one does not propose
     * @param changed told of every edit
     * @param remove  takes this form away
     */
    PortForm(Lab lab, int number, Supplier<List<PortForm>> forms, Runnable changed, Consumer<PortForm> remove) {
        this.lab = lab;
        this.forms = forms;
        getStyleClass().add("port-form");
        kind.getItems().setAll(Kind.values());
        kind.setCellFactory(_ -> new KindCell());
        kind.setButtonCell(new KindCell());
        kind.setId("port-kind-" + number);
        place.setId("port-place-" + number);
        device.setId("port-device-" + number);
        namespace.setId("port-namespace-" + number);
        more.setId("port-more-" + number);
        kind.setMinWidth(USE_PREF_SIZE);
        place.setPrefWidth(110);
        device.setPrefColumnCount(9);
        namespace.setPrefColumnCount(7);
        namespace.managedProperty().bind(namespace.visibleProperty());
        more.setPrefColumnCount(12);
        HBox.setHgrow(more, Priority.ALWAYS);
        Button away = new Button("", new FontIcon("mdi2c-close"));
        away.getStyleClass().addAll("flat", "small");
        away.setTooltip(new Tooltip("Without this port"));
        away.setAccessibleText("Remove this port");
        away.setId("port-away-" + number);
        away.setOnAction(_ -> remove.accept(this));
        getChildren().addAll(kind, place, device, namespace, more, away);
        kind.valueProperty().subscribe(value -> {
            if (value != null) {
                choose(value);
                changed.run();
            }
        });
        place.valueProperty().subscribe(_ -> changed.run());
        device.textProperty().subscribe(_ -> changed.run());
        namespace.textProperty().subscribe(_ -> changed.run());
        more.textProperty().subscribe(_ -> changed.run());
        kind.setValue(lab.nodes().stream().anyMatch(node -> node.role() == LabNode.Role.MOBILE_NODE) ? Kind.HOST : Kind.NEIGHBOUR);
    }

    private List<PortForm> others() {
        return forms.get().stream().filter(form -> form != this).toList();
    }

    private void choose(Kind value) {
        List<PortForm> others = others();
        List<String> places = value == Kind.HOST ? lab.nodes().stream().sorted(LIKELY).map(LabNode::name).toList() : lab.links().stream().map(LabLink::name).toList();
        place.getItems().setAll(places);
        place.setValue(places.stream().filter(name -> others.stream().noneMatch(other -> name.equals(other.place.getValue()))).findFirst()
                .orElse(places.isEmpty() ? null : places.getFirst()));
        place.setAccessibleText(value.text);
        ask(device, value.device);
        ask(namespace, value.namespace);
        ask(more, value.more);
        namespace.setVisible(!value.namespace.isEmpty());
        kind.setTooltip(new Tooltip(value.tip));
        device.setText(value == Kind.HOST || value == Kind.NEIGHBOUR ? unused(value.device) : "");
        namespace.clear();
        more.clear();
    }

    private static void ask(TextField field, String what) {
        field.setPromptText(what);
        field.setAccessibleText(what);
        field.setTooltip(what.isEmpty() ? null : new Tooltip(what));
    }

    void focus() {
        device.requestFocus();
    }

    Draft draft() {
        return new Draft(kind.getValue(), place.getValue(), device.getText(), namespace.getText(), more.getText());
    }

    /** Is filled in as it was once, where the lab has such a place. */
    void fill(Draft draft) {
        kind.setValue(draft.kind());
        if (place.getItems().contains(draft.place())) {
            place.setValue(draft.place());
        }
        device.setText(draft.device());
        namespace.setText(draft.namespace());
        more.setText(draft.more());
    }

    /** A name such as that one. */
    private String unused(String example) {
        String stem = example.substring(0, example.length() - 1);
        return IntStream.iterate(0, i -> i + 1).mapToObj(i -> stem + i).filter(name -> others().stream().noneMatch(other -> name.equals(other.device.getText()))).findFirst().orElseThrow();
    }

    Content content() {
        String at = place.getValue();
        String name = device.getText().strip();
        String rest = more.getText().strip();
        if (at == null) {
            return new Content(Optional.empty(), kind.getValue() == Kind.HOST ? "The lab has no node." : "The lab has no link.");
        }
        if (name.isEmpty()) {
            return new Content(Optional.empty(), "Name the " + (kind.getValue() == Kind.SOCKET ? "UDP port of this machine, such as 4001." : "interface, such as " + kind.getValue().device + "."));
        }
        Namespace where = new Namespace(namespace.getText().strip());
        try {
            return good(switch (kind.getValue()) {
                case HOST -> new PortRequest.HostOnNode(at, name, where, mtu(rest));
                case NEIGHBOUR -> PortRequest.NeighbourOnLink.of(at, name, where, rest);
                case INTERFACE -> new PortRequest.InterfaceOnLink(at, name, where, rest.isEmpty() ? Optional.empty() : Optional.of(rest));
                case SOCKET -> PortRequest.SocketOnLink.of(at, name, rest);
            });
        } catch (IllegalArgumentException e) {
            return new Content(Optional.empty(), Notice.sentence(e.getMessage()));
        }
    }

    private static int mtu(String text) {
        if (!text.matches("[0-9]{0,5}")) {
            throw new IllegalArgumentException("an MTU is " + PortRequest.LEAST_MTU + " to " + PortRequest.MOST_MTU + ", not \"" + text + "\"");
        }
        return text.isEmpty() ? PortRequest.TUN_MTU : Integer.parseInt(text);
    }

    private static Content good(PortRequest request) {
        return new Content(Optional.of(request), "");
    }

    private static final class KindCell extends ListCell<Kind> {
        @Override
        protected void updateItem(Kind item, boolean empty) {
            super.updateItem(item, empty);
            setText(empty || item == null ? null : item.text);
        }
    }
}
