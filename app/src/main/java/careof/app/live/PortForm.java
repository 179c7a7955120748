package careof.app.live;

import careof.engine.base.Ip6Address;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.live.Namespace;
import careof.engine.live.PortRequest;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    /** What may be behind a port. */
    enum Kind {
        HOST("This machine upon node", "tun0", "namespace", "A TUN interface gets the node's address; programs of this machine talk through the node."),
        NEIGHBOUR("This machine on link", "tap0", "namespace", "A TAP interface is a neighbour on the link, with an address as its routers advertise."),
        SOCKET("Another machine on link", "local UDP port", "its host:port", "Frames in UDP datagrams, L2TPv3 framing: user-mode-linux, QEMU or another Careof."),
        INTERFACE("Real interface on link", "eth1", "filter", "An Ethernet interface of this machine by libpcap; the filter says what comes in, such as: ip6");

        private final String text;
        private final String device;
        private final String more;
        private final String tip;

        Kind(String text, String device, String more, String tip) {
            this.text = text;
            this.device = device;
            this.more = more;
            this.tip = tip;
        }
    }

    private static final Pattern REMOTE = Pattern.compile("(.+):([0-9]{1,5})");

    /** Where programs of this machine are likely to talk: a mobile node, then those that it talks with. */
    private static final Comparator<LabNode> LIKELY = Comparator.comparing(node -> switch (node.role()) {
        case MOBILE_NODE -> 0;
        case CORRESPONDENT, HOST -> 1;
        case HOME_AGENT, ROUTER, ATTACKER -> 2;
    });

    private final Lab lab;
    private final List<PortForm> others;
    private final ComboBox<Kind> kind = new ComboBox<>();
    private final ComboBox<String> place = new ComboBox<>();
    private final TextField device = new TextField();
    private final TextField more = new TextField();

    /** What a form says: a request, or what is wrong with it. */
    record Content(Optional<PortRequest> request, String problem) {}

    /**
     * @param number  from 1, for names that tests and screen readers use
     * @param others  what they have, this one does not propose
     * @param changed told of every edit
     * @param remove  takes this form away
     */
    PortForm(Lab lab, int number, List<PortForm> others, Runnable changed, Consumer<PortForm> remove) {
        this.lab = lab;
        this.others = others;
        getStyleClass().add("port-form");
        kind.getItems().setAll(Kind.values());
        kind.setCellFactory(_ -> new KindCell());
        kind.setButtonCell(new KindCell());
        kind.setId("port-kind-" + number);
        place.setId("port-place-" + number);
        device.setId("port-device-" + number);
        more.setId("port-more-" + number);
        place.setPrefWidth(110);
        device.setPrefColumnCount(9);
        more.setPrefColumnCount(11);
        HBox.setHgrow(more, Priority.ALWAYS);
        Button away = new Button("", new FontIcon("mdi2c-close"));
        away.getStyleClass().addAll("flat", "small");
        away.setTooltip(new Tooltip("Without this port"));
        away.setAccessibleText("Remove this port");
        away.setId("port-away-" + number);
        away.setOnAction(_ -> remove.accept(this));
        getChildren().addAll(kind, place, device, more, away);
        kind.valueProperty().subscribe(value -> {
            if (value != null) {
                choose(value);
                changed.run();
            }
        });
        place.valueProperty().subscribe(_ -> changed.run());
        device.textProperty().subscribe(_ -> changed.run());
        more.textProperty().subscribe(_ -> changed.run());
        kind.setValue(lab.nodes().stream().anyMatch(node -> node.role() == LabNode.Role.MOBILE_NODE) ? Kind.HOST : Kind.NEIGHBOUR);
    }

    private void choose(Kind value) {
        List<String> places = value == Kind.HOST ? lab.nodes().stream().sorted(LIKELY).map(LabNode::name).toList() : lab.links().stream().map(LabLink::name).toList();
        place.getItems().setAll(places);
        place.setValue(places.stream().filter(name -> others.stream().noneMatch(other -> name.equals(other.place.getValue()))).findFirst()
                .orElse(places.isEmpty() ? null : places.getFirst()));
        place.setAccessibleText(value.text);
        device.setPromptText(value.device);
        device.setAccessibleText(value.device);
        more.setPromptText(value.more);
        more.setAccessibleText(value.more);
        kind.setTooltip(new Tooltip(value.tip));
        device.setText(value == Kind.HOST || value == Kind.NEIGHBOUR ? unused(value.device) : "");
        more.clear();
    }

    /** A name such as that one. */
    private String unused(String example) {
        String stem = example.substring(0, example.length() - 1);
        return IntStream.iterate(0, i -> i + 1).mapToObj(i -> stem + i).filter(name -> others.stream().noneMatch(other -> name.equals(other.device.getText()))).findFirst().orElseThrow();
    }

    Content content() {
        String at = place.getValue();
        String name = device.getText().strip();
        String rest = more.getText().strip();
        if (at == null) {
            return new Content(Optional.empty(), kind.getValue() == Kind.HOST ? "The lab has no node." : "The lab has no link.");
        }
        if (name.isEmpty()) {
            return new Content(Optional.empty(), "Name the " + (kind.getValue() == Kind.SOCKET ? "local UDP port." : "interface, such as " + kind.getValue().device + "."));
        }
        Namespace namespace = new Namespace(rest);
        return switch (kind.getValue()) {
            case HOST -> good(new PortRequest.HostOnNode(at, name, namespace, PortRequest.TUN_MTU));
            case NEIGHBOUR -> good(new PortRequest.NeighbourOnLink(at, name, namespace, Optional.<Ip6Address>empty(), 0));
            case INTERFACE -> good(new PortRequest.InterfaceOnLink(at, name, Namespace.OWN, rest.isEmpty() ? Optional.empty() : Optional.of(rest)));
            case SOCKET -> socket(at, name, rest);
        };
    }

    private static Content socket(String link, String local, String remote) {
        Matcher m = REMOTE.matcher(remote);
        if (!isPort(local)) {
            return new Content(Optional.empty(), "A UDP port is 1 to 65535, not \"" + local + "\".");
        } else if (!m.matches() || !isPort(m.group(2))) {
            return new Content(Optional.empty(), "The other machine: an address or name and its UDP port, such as 192.0.2.7:4001.");
        }
        return good(new PortRequest.SocketOnLink(link, new InetSocketAddress(Integer.parseInt(local)),
                InetSocketAddress.createUnresolved(m.group(1), Integer.parseInt(m.group(2))), PortRequest.SESSION, PortRequest.SESSION));
    }

    private static boolean isPort(String text) {
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65_535;
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
