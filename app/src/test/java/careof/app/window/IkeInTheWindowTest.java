package careof.app.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.inspector.Trail;
import careof.app.session.Command;
import careof.app.session.Runs;
import careof.app.session.SessionState;
import careof.app.tables.Item;
import careof.app.theme.Theme;
import careof.editor.model.Selection;
import careof.engine.capture.CapturedPacket;
import careof.engine.capture.CaptureReader;
import careof.engine.decode.Field;
import careof.engine.decode.LinkType;
import careof.engine.decode.Summary;
import careof.engine.lab.Lab;
import careof.engine.policy.Recommendation;
import careof.engine.trace.TraceEvent.FrameSent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.event.ActionEvent;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.DialogPane;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.TreeItem;
import javafx.scene.input.Clipboard;
import javafx.scene.layout.Region;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** What the window shows of IKE, by hand. */
class IkeInTheWindowTest extends WindowTest {
    @Start
    void start(Stage stage) {
        open(stage);
    }

    private SessionState run(Lab lab, long to) {
        fx(() -> window.document().adopt(lab, Optional.empty()));
        await(s -> s.lab().name().equals(lab.name()) && !s.lab().nodes().isEmpty() && s.cursor() == s.start());
        return after(new Command.UntilTime(to), s -> s.clock() == to && !s.running());
    }

    private List<Item.Entry> rows(String table) {
        return fx(() -> window.tables().items().stream().filter(i -> i.table().equals(table)).filter(Item.Entry.class::isInstance).map(Item.Entry.class::cast).toList());
    }

    /** Follows the first link of these words that is in sight. */
    private void follow(String text) {
        until(() -> robot.lookup(".entry-link").queryAllAs(Hyperlink.class).stream().anyMatch(l -> l.isVisible() && l.getText().equals(text)));
        fx(() -> robot.lookup(".entry-link").queryAllAs(Hyperlink.class).stream().filter(l -> l.isVisible() && l.getText().equals(text)).findFirst().orElseThrow().fire());
    }

    private void select(String name) {
        long event = fx(() -> window.packets().rows().stream().filter(r -> r.summary().shortName().equals(name)).findFirst().orElseThrow().sent().id());
        fx(() -> window.packets().selectEvent(event));
    }

    private static Optional<DialogPane> certificate() {
        return Window.getWindows().stream().filter(w -> w.getScene() != null && w.getScene().getRoot() instanceof DialogPane p && "certificate".equals(p.getId()))
                .map(w -> (DialogPane) w.getScene().getRoot()).findFirst();
    }

    private void closeCertificate() {
        fx(() -> certificate().orElseThrow().getScene().getWindow().hide());
        until(() -> certificate().isEmpty());
    }

    private static String words(DialogPane pane) {
        return String.join("\n", pane.lookupAll(".label").stream().map(n -> ((Label) n).getText()).toList());
    }

    @Test
    void fromAnSaToItsQuickModeAndThroughEveryPane() throws Exception {
        run(Runs.ike(), 4 * SECOND);
        fx(() -> window.editor().selectionProperty().set(Selection.node("mn")));
        until(() -> rows("IKE SA pairs").size() == 2);
        assertTrue(rows("IKE phase ones").getFirst().more().contains("says fqdn:ha.lab"), rows("IKE phase ones").toString());

        fx(() -> window.tables().reveal("sa " + rows("Security associations").getFirst().key().strip()));
        settle();
        follow("its quick mode");
        settle();
        FrameSent first = fx(() -> window.packets().selectedProperty().get());
        assertEquals("QM1", fx(() -> window.packets().rows().stream().filter(r -> r.sent().id() == first.id()).findFirst().orElseThrow().summary().shortName()));
        snapshot("ike-quick-mode-light");
        // Both views: as it travels, and decrypted.
        assertEquals("Packet", fx(() -> robot.lookup("#octets-tab-0").<ToggleButton>query().getText()));
        assertEquals("Decrypted IKE", fx(() -> robot.lookup("#octets-tab-1").<ToggleButton>query().getText()));
        TreeItem<Field> nonce = fx(() -> find(window.inspector().tree().getRoot(), "isakmp.nonce").orElseThrow());
        fx(() -> {
            nonce.getParent().setExpanded(true);
            window.inspector().tree().getSelectionModel().select(nonce);
        });
        assertEquals(nonce.getValue().octets(), fx(() -> window.inspector().octets().shown()));

        robot.clickOn("#view-ladder");
        settle();
        fx(() -> robot.lookup("#ladder-shown").<ComboBox<?>>query().getSelectionModel().selectLast());
        until(() -> window.ladder().legs().size() == 3);
        fx(() -> robot.lookup("#ladder").queryListView().getSelectionModel().select(1));
        settle();
        String said = fx(() -> robot.lookup("#ladder-words").<Label>query().getText());
        assertTrue(said.startsWith("QM2  ha → mn") && said.contains("encrypted\nquick mode (QM2): HASH SA ESP NONCE"), said);
        snapshot("ike-ladder-light");
        fx(() -> robot.lookup("#ladder-shown").<ComboBox<?>>query().getSelectionModel().select(2));
        until(() -> window.ladder().legs().size() == 12);
        fx(() -> window.theme().choiceProperty().set(Theme.Choice.DARK));
        snapshot("ike-ladder-dark");
        robot.clickOn("#view-packets");
        snapshot("ike-dark");
        fx(() -> window.theme().choiceProperty().set(Theme.Choice.LIGHT));

        after(new Command.SeekTime(120_500_000), s -> s.clock() == 120_500_000);
        snapshot("ike-canvas");
        // The tables go back with the cursor, and forth.
        after(new Command.SeekTime(SECOND / 10), s -> s.clock() == SECOND / 10);
        until(() -> rows("IKE SA pairs").isEmpty() && rows("IKE phase ones").getFirst().tags().getLast().text().equals("negotiating"));
        after(new Command.ToHead(), SessionState::atHead);
        until(() -> rows("IKE SA pairs").size() == 2);

        // What the daemons say has PF_KEY and IKE in the clear.
        robot.clickOn("#view-daemons");
        settle();
        assertTrue(fx(() -> robot.lookup(".control-cell .name").queryAllAs(Label.class).stream().noneMatch(l -> "malformed".equals(l.getText()))));
    }

    @Test
    void certificatesFromAPayloadAPhaseOneAndANode() throws Exception {
        run(Runs.ike(), 4 * SECOND);
        select("MM6");
        until(() -> robot.lookup(".view-certificate").queryAll().stream().anyMatch(Node::isVisible));
        snapshot("ike-certificate-payload");
        fx(() -> robot.lookup(".view-certificate").queryAllAs(Hyperlink.class).stream().filter(Node::isVisible).findFirst().orElseThrow().fire());
        until(() -> certificate().isPresent());
        String words = fx(() -> words(certificate().orElseThrow()));
        assertTrue(words.contains("Certificate in MM6 from ha") && words.contains("mn trusts it") && words.contains("is valid, for another"), words);
        settle();
        snapshot(fx(() -> certificate().orElseThrow()), "certificate-light");
        fx(() -> ((ButtonBar) certificate().orElseThrow().lookup(".button-bar")).getButtons().getFirst().fireEvent(new ActionEvent()));
        assertTrue(fx(() -> Clipboard.getSystemClipboard().getString()).startsWith("-----BEGIN CERTIFICATE-----\n"));
        assertTrue(certificate().isPresent(), "copying closes nothing");
        closeCertificate();

        fx(() -> window.editor().selectionProperty().set(Selection.node("ha")));
        fx(() -> window.tables().reveal("ike-sa 1"));
        settle();
        snapshot("ike-tables");
        follow("peer's certificate");
        until(() -> certificate().isPresent());
        assertTrue(fx(() -> words(certificate().orElseThrow())).contains("Certificate of mn, in MM5"));
        closeCertificate();

        robot.clickOn("#node-certificate");
        until(() -> certificate().isPresent());
        assertTrue(fx(() -> words(certificate().orElseThrow())).contains("Certificate of ha\n"));
        fx(() -> window.theme().choiceProperty().set(Theme.Choice.DARK));
        closeCertificate();
        robot.clickOn("#node-certificate");
        until(() -> certificate().isPresent());
        settle();
        snapshot(fx(() -> certificate().orElseThrow()), "certificate-dark");
        closeCertificate();
        fx(() -> window.editor().selectionProperty().set(Selection.node("cn")));
        settle();
        assertTrue(!robot.lookup("#node-certificate").query().isVisible());
    }

    @Test
    void oneClickOnARefusedMessageSaysWhy() throws Exception {
        run(refused(), 4 * SECOND);
        select("MM5");
        until(() -> robot.lookup("#trail").queryListView().getSelectionModel().getSelectedItem() instanceof Trail.Line line
                && line.rule().equals(Optional.of(Recommendation.G)) && line.node().equals("ha"));
        settle();
        snapshot("ike-refused");
        robot.clickOn("#view-ladder");
        settle();
        fx(() -> robot.lookup("#ladder").queryListView().getSelectionModel().select(4));
        settle();
        String said = fx(() -> robot.lookup("#ladder-words").<Label>query().getText());
        assertTrue(said.contains("✕ at ha dropped: fqdn:somebody.lab is neither subject nor alternative subject of the certificate of CN=mn (G, draft 3.1)"), said);
        snapshot("ike-refused-ladder");
        Path profile = folder.resolve("profile");
        fx(() -> window.exports().profile(profile));
        until(() -> Files.exists(profile.resolve("preferences")));
        assertTrue(!Files.readString(profile.resolve("ikev1_decryption_table")).isBlank());
        // Another run with a message of this one still chosen.
        openSample("handover");
        until(() -> window.ladder().legs().isEmpty());
        assertEquals("", fx(() -> robot.lookup("#ladder-words").<Label>query().getText()));
    }

    @Test
    void ordersThatLeadToNothingAreGrey() {
        run(Runs.ike(), 60_000_000);
        Node mn = fx(() -> robot.lookup(".lab-node").queryAll().stream().filter(n -> n.lookupAll(".name").stream().anyMatch(l -> l instanceof Label name && name.getText().equals("mn")))
                .findFirst().orElseThrow());
        robot.rightClickOn(onScreen(mn, 0, 0));
        robot.clickOn("IKE").clickOn("With ha").moveTo("Make SAs of registration");
        settle();
        Map<String, Boolean> orders = fx(() -> Window.getWindows().stream().filter(ContextMenu.class::isInstance).flatMap(w -> ((ContextMenu) w).getItems().stream())
                .filter(i -> i.getText() != null && i.getText().contains("phase one")).collect(Collectors.toMap(MenuItem::getText, MenuItem::isDisable)));
        assertEquals(Map.of("New phase one: it is being made", true, "Delete phase one: there is none", true, "Ask whether it is there: no phase one", true), orders);
        fx(() -> Window.getWindows().stream().filter(ContextMenu.class::isInstance).toList().forEach(Window::hide));
    }

    /** Whether the entries of the menu of exports can be chosen, by the first word that tells them apart. */
    private Map<String, Boolean> exports() {
        return fx(() -> ((MenuBar) stage.getScene().lookup(".menu-bar")).getMenus().getFirst().getItems().stream().filter(i -> "Export".equals(i.getText()))
                .flatMap(i -> ((Menu) i).getItems().stream()).filter(i -> i.getText() != null).collect(Collectors.toMap(MenuItem::getText, i -> !i.isDisable())));
    }

    @Test
    void whatTheCommandLineWritesOfIkeTheWindowWritesToo() throws Exception {
        SessionState state = run(Runs.ike(), 4 * SECOND);
        assertTrue(exports().get("Messages of IKE, as Wireshark decrypts them…") && exports().get("Wireshark profile with the keys…"), exports().toString());
        Path messages = folder.resolve("ike.pcapng");
        fx(() -> window.exports().ike(messages));
        Path keys = folder.resolve("keys");
        fx(() -> window.exports().profile(keys));
        Path trace = folder.resolve("trace.jsonl");
        fx(() -> window.exports().trace(trace));
        Path log = folder.resolve("log.jsonl");
        fx(() -> window.exports().log(log));
        until(() -> window.notices().shown().size() == 4);
        List<String> names = new ArrayList<>();
        try (CaptureReader reader = new CaptureReader(Files.newInputStream(messages))) {
            for (Optional<CapturedPacket> packet = reader.next(); packet.isPresent(); packet = reader.next()) {
                names.add(Summary.of(packet.get().octets(), LinkType.ETHERNET, state.index().opener()).shortName());
            }
        }
        assertEquals(List.of("MM1", "MM2", "MM3", "MM4", "MM5", "MM6", "QM1", "QM2", "QM3", "QM1", "QM2", "QM3"), names);
        assertEquals(1, Files.readAllLines(keys.resolve("ikev1_decryption_table")).size());
        assertTrue(Files.readAllLines(trace).size() >= state.trace().size());
        assertTrue(!Files.readString(log).isBlank());

        openSample("handover");
        until(() -> !exports().get("Messages of IKE, as Wireshark decrypts them…") && !exports().get("Wireshark profile with the keys…"));
    }

    @Test
    void aPacketChosenInTheListIsChosenInTheLadderAndStaysSo() throws Exception {
        run(Runs.ike(), 4 * SECOND);
        // What the router makes of QM1, not what the mobile node sent.
        List<FrameSent> hops = fx(() -> window.packets().rows().stream().filter(r -> r.summary().shortName().equals("QM1")).map(r -> r.sent()).toList());
        assertTrue(!hops.get(1).node().equals("mn"), hops.get(1).node());
        fx(() -> window.packets().selectEvent(hops.get(1).id()));
        robot.clickOn("#view-ladder");
        settle();
        assertEquals(hops.getFirst().id(), fx(() -> robot.lookup("#ladder").queryListView().getSelectionModel().getSelectedItem()));
        assertEquals(hops.get(1).id(), fx(() -> window.packets().selectedProperty().get().id()), "the list keeps its own");
        // Another choice of messages keeps the chosen one; the pointer is on none, which would show instead.
        robot.moveTo("#clock");
        fx(() -> robot.lookup("#ladder-shown").<ComboBox<?>>query().getSelectionModel().select(2));
        until(() -> window.ladder().legs().size() == 12);
        assertEquals(hops.getFirst().id(), fx(() -> robot.lookup("#ladder").queryListView().getSelectionModel().getSelectedItem()));
        assertTrue(fx(() -> robot.lookup("#ladder-words").<Label>query().getText()).startsWith("QM1  mn → ha"));
        fx(() -> robot.lookup("#ladder-shown").<ComboBox<?>>query().getSelectionModel().select(1));
        until(() -> !window.ladder().legs().contains(hops.getFirst().id()));
        settle();
        assertEquals(-1, fx(() -> robot.lookup("#ladder").queryListView().getSelectionModel().getSelectedIndex()));
        assertEquals(hops.get(1).id(), fx(() -> window.packets().selectedProperty().get().id()), "the list keeps its own");
        assertEquals("", fx(() -> robot.lookup("#ladder-words").<Label>query().getText()));
    }

    @Test
    void whatIsChosenInACardIsReadWhole() {
        fx(() -> window.document().adopt(Runs.ike(), Optional.empty()));
        await(s -> s.lab().name().equals(Runs.ike().name()) && s.cursor() == s.start());
        fx(() -> window.theme().choiceProperty().set(Theme.Choice.DARK));
        settle();
        Node mn = fx(() -> robot.lookup(".lab-node").queryAll().stream().filter(n -> n.lookupAll(".name").stream().anyMatch(l -> l instanceof Label name && name.getText().equals("mn")))
                .findFirst().orElseThrow());
        robot.rightClickOn(onScreen(mn, 0, 0));
        robot.clickOn("IKE").moveTo("Settings…").clickOn("With ha…");
        until(() -> robot.lookup("#field-exchange").tryQuery().isPresent());
        settle();
        snapshot("ike-card-dark");
        for (Node box : robot.lookup("#card .combo-box").queryAll()) {
            Region cell = fx(() -> (Region) ((Parent) box).getChildrenUnmodifiable().stream().filter(ListCell.class::isInstance).findFirst().orElseThrow());
            double text = fx(() -> cell.lookup(".text").getLayoutBounds().getHeight());
            double room = fx(() -> cell.getHeight() - cell.getInsets().getTop() - cell.getInsets().getBottom());
            assertTrue(room >= text, box.getId() + ": " + text + " pixels of text in " + room);
        }
    }

    /** The mobile node says to be somebody whom its certificate does not name. */
    static Lab refused() {
        return Runs.ike(", \"ike\": { \"identity\": \"fqdn:somebody.lab\" }");
    }

    private static Optional<TreeItem<Field>> find(TreeItem<Field> item, String abbreviation) {
        if (item.getValue().abbreviation().equals(abbreviation)) {
            return Optional.of(item);
        }
        return item.getChildren().stream().map(child -> find(child, abbreviation)).flatMap(Optional::stream).findFirst();
    }
}
