package careof.app.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.capture.CaptureRow;
import careof.app.session.Notice;
import careof.app.session.Runs;
import careof.app.session.SessionState;
import careof.app.theme.Theme;
import careof.editor.FxTest;
import careof.engine.base.Octets;
import careof.engine.base.Progress;
import careof.engine.capture.CaptureExport;
import careof.engine.capture.CaptureReader;
import careof.engine.capture.CapturedPacket.Direction;
import careof.engine.capture.PcapngWriter;
import careof.engine.capture.WiresharkProfile;
import careof.engine.decode.Field;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javafx.collections.ListChangeListener;
import javafx.scene.control.Label;
import javafx.scene.control.TableRow;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.TreeItem;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.framework.junit5.Start;

/** Captures in a window of their own: packets, fields, octets, filter, keys, and files that are not as they should be. */
class CaptureWindowTest extends FxTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path folder;

    private Theme theme;
    private CaptureWindow window;

    @Start
    void start(Stage stage) {
        this.stage = stage;
        theme = new Theme();
        theme.choiceProperty().set(Theme.Choice.LIGHT);
        theme.calmProperty().set(true);
    }

    @AfterEach
    void end() {
        fx(() -> window.model().close());
        fx(stage::hide);
    }

    private void open(Path file) {
        fx(() -> {
            var folders = new Folders(folder.resolve("settings"), folder.resolve("autosave"));
            window = new Captures(folders, theme, Optional.empty()).open(stage, file);
        });
        rest();
    }

    /** Waits until nothing is under way. */
    private void rest() {
        until(() -> window.model().isIdle());
        settle();
    }

    private List<CaptureRow> rows() {
        return fx(() -> List.copyOf(window.model().rows()));
    }

    private void filter(String query) {
        fx(() -> {
            window.pane().filter().setText(query);
            window.pane().filter().getOnAction().handle(null);
        });
        rest();
    }

    private SessionState run(String sample, Path capture, Path profile) throws Exception {
        SessionState run = Runs.at(sample, 12 * SECOND);
        CaptureExport.write(run.trace(), run.lab(), capture, new CaptureExport.Selection.All(), Progress.NONE);
        WiresharkProfile.write(run.trace(), profile);
        return run;
    }

    private List<Field> fields() {
        List<Field> all = new ArrayList<>();
        fx(() -> window.pane().inspector().tree().getRoot().getValue().walk(all::add));
        return all;
    }

    @Test
    void keysOpenWhatIsProtectedInTreeListAndFilter() throws Exception {
        Path capture = folder.resolve("run.pcapng");
        Path profile = folder.resolve("keys");
        run("ike-registration", capture, profile);
        open(capture);
        int all = rows().size();
        assertTrue(all > 100);
        filter("udp.dstport > 0");
        int readable = rows().size();
        filter("esp.spi");
        List<CaptureRow> closed = rows();
        assertTrue(closed.stream().anyMatch(r -> r.summary().shortName().equals("ESP")));
        assertEquals("Packet 1", fields().get(1).name(), "the first packet is shown from the beginning");
        fx(() -> window.pane().table().choose(0));
        settle();
        assertTrue(fields().stream().noneMatch(f -> f.abbreviation().equals("esp.decrypted_data")));
        snapshot(stage.getScene().getRoot(), "capture-closed");

        fx(() -> window.take(List.of(profile)));
        until(() -> !window.model().keys().isEmpty());
        rest();
        assertEquals(closed.size(), rows().size());
        assertTrue(rows().stream().noneMatch(r -> r.summary().shortName().equals("ESP")), () -> rows().toString());
        assertTrue(fields().stream().anyMatch(f -> f.abbreviation().equals("esp.decrypted_data")), "the packet that was selected is opened");
        until(() -> robot.lookup("#octets-tab-1").tryQuery().isPresent());
        snapshot(stage.getScene().getRoot(), "capture-light");
        filter("udp.dstport > 0");
        assertTrue(rows().size() > readable);
        filter("QM1");
        assertFalse(rows().isEmpty(), "messages of IKE are decrypted");
        fx(() -> window.pane().table().choose(0));
        settle();
        assertTrue(fields().stream().anyMatch(f -> f.abbreviation().equals("isakmp.decrypted")));
        fx(() -> theme.choiceProperty().set(Theme.Choice.DARK));
        filter("");
        assertEquals(all, rows().size());
        until(() -> robot.lookup(".packet-table .table-row-cell").queryAllAs(TableRow.class).stream().anyMatch(row -> row.isVisible() && row.isSelected()));
        snapshot(stage.getScene().getRoot(), "capture-dark");
        assertEquals("QM1", fx(() -> window.pane().table().getSelectionModel().getSelectedItem()).summary().shortName(), "the selection stays through filters");

        Path bad = Files.writeString(folder.resolve("esp_sa"), "# mine\n\"IPv6\",\"*\",\"2001:db8::1\",\"0x1\",\"ROT13\",\"\",\"NULL\",\"\"\n");
        fx(() -> window.take(List.of(bad)));
        until(() -> !window.notices().shown().isEmpty());
        Notice notice = fx(() -> window.notices().shown().getFirst());
        assertEquals(bad + ": line 2: unknown encryption \"ROT13\"", notice.detail());
    }

    /** The keyboard alone: filter, list, a packet by its number, copying; then what is shown is exported. */
    @Test
    void byKeyboard() throws Exception {
        Path capture = folder.resolve("run.pcapng");
        run("handover", capture, folder.resolve("keys"));
        open(capture);
        int all = rows().size();
        robot.push(KeyCode.CONTROL, KeyCode.F);
        robot.write("BU or BA");
        until(() -> window.model().rows().size() > 0 && window.model().rows().size() < all);
        rest();
        assertTrue(rows().stream().allMatch(r -> List.of("BU", "BA").contains(r.summary().shortName())), () -> rows().toString());
        robot.push(KeyCode.DOWN);
        robot.push(KeyCode.CONTROL, KeyCode.DOWN);
        robot.push(KeyCode.DOWN);
        settle();
        CaptureRow second = fx(() -> window.pane().table().getSelectionModel().getSelectedItem());
        assertTrue(rows().indexOf(second) > 0);
        robot.push(KeyCode.CONTROL, KeyCode.C);
        assertEquals(second.text(), fx(() -> Clipboard.getSystemClipboard().getString()));
        Path exported = folder.resolve("shown.pcapng");
        int shown = rows().size();
        fx(() -> window.model().export(exported));
        rest();
        try (CaptureReader reader = CaptureReader.open(exported)) {
            int count = 0;
            while (reader.next().isPresent()) {
                count++;
            }
            assertEquals(shown, count);
        }
        fx(() -> window.notices().clear());
        robot.push(KeyCode.SLASH);
        assertTrue(fx(() -> window.pane().filter().isFocused()));
        robot.push(KeyCode.ESCAPE);
        until(() -> window.model().rows().size() == all);
        robot.push(KeyCode.CONTROL, KeyCode.G);
        robot.write("57");
        robot.push(KeyCode.ENTER);
        settle();
        assertEquals(57, fx(() -> window.pane().table().getSelectionModel().getSelectedItem()).number());
        robot.push(KeyCode.END);
        settle();
        assertEquals(all, fx(() -> window.pane().table().getSelectionModel().getSelectedItem()).number());
        fx(() -> {
            TreeItem<Field> packet = window.pane().inspector().tree().getRoot().getChildren().getFirst();
            window.pane().inspector().tree().requestFocus();
            window.pane().inspector().tree().getSelectionModel().select(packet);
        });
        robot.push(KeyCode.CONTROL, KeyCode.C);
        assertTrue(fx(() -> Clipboard.getSystemClipboard().getString()).startsWith("Packet " + all + ": "));
        fx(() -> {
            var tree = window.pane().inspector().tree();
            tree.getSelectionModel().select(tree.getRoot().getChildren().get(2));
            tree.getContextMenu().getOnShowing().handle(null);
            tree.getContextMenu().getItems().getFirst().fire();
        });
        rest();
        assertEquals("ipv6", fx(() -> window.pane().filter().getText()));
        assertTrue(rows().size() <= all && rows().size() > 100);
        robot.push(KeyCode.CONTROL, KeyCode.F);
        robot.write("ipv6.dst == ff02::1 and num");
        robot.push(KeyCode.CONTROL, KeyCode.SPACE);
        assertEquals("ipv6.dst == ff02::1 and number", fx(() -> window.pane().filter().getText()));
        filter("");
        filter("node == mn");
        assertEquals(all, rows().size());
        assertTrue(robot.lookup("#filter-message").<Label>query().getText().contains("no field \"node\""));
    }

    @Test
    void aDamagedFileOpensUpToTheFault() throws Exception {
        Path capture = folder.resolve("run.pcapng");
        run("handover", capture, folder.resolve("keys"));
        byte[] whole = Files.readAllBytes(capture);
        Path cut = Files.write(folder.resolve("cut.pcapng"), Arrays.copyOf(whole, whole.length / 2 + 1));
        open(cut);
        assertTrue(rows().size() > 20);
        Notice notice = fx(() -> window.notices().shown().getFirst());
        assertTrue(notice.detail().startsWith(cut + ": the file ends at octet " + (whole.length / 2 + 1)), notice.detail());
        snapshot(stage.getScene().getRoot(), "capture-cut");
        fx(() -> window.notices().clear());
        int before = rows().size();
        Path none = Files.writeString(folder.resolve("none.pcap"), "hello, world");
        fx(() -> window.take(List.of(none)));
        until(() -> !window.notices().shown().isEmpty());
        assertTrue(fx(() -> window.notices().shown().getFirst()).detail().contains("no pcap or pcapng file"));
        assertEquals(before, rows().size(), "what is open stays");
    }

    @Test
    void aFileThatChangesOrGoesIsSaid() throws Exception {
        Path capture = folder.resolve("run.pcapng");
        run("handover", capture, folder.resolve("keys"));
        open(capture);
        try (RandomAccessFile other = new RandomAccessFile(capture.toFile(), "rw")) {
            other.setLength(2_000);
        }
        int all = rows().size();
        fx(() -> window.pane().table().choose(all - 1));
        until(() -> robot.lookup("#trouble").<Label>query().getText().contains("has changed"));
        filter("BU");
        assertTrue(fx(() -> window.model().troubleProperty().get()).contains("has changed"));
        robot.push(KeyCode.CONTROL, KeyCode.R);
        until(() -> window.model().rows().size() < all && window.model().troubleProperty().get().contains("the file ends at octet 2000"));
        rest();
        Files.delete(capture);
        fx(() -> window.model().checkFile());
        assertEquals("the file is gone", fx(() -> window.model().troubleProperty().get()));
    }

    /** The first rows are there before the file is read to its end; a filter may be typed meanwhile; it can be stopped. */
    @Test
    @Tag("everywhere")
    void aMillionPackets() throws Exception {
        Path capture = folder.resolve("million.pcapng");
        int count = 1_000_000;
        Octets ping = Octets.hex("02000000000102000000000286dd60000000000c3a4020010db800000000000000000000000120010db80000000000000000000000028000" + "0000" + "00070001" + "01020304");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(capture), 1 << 16)) {
            PcapngWriter writer = new PcapngWriter(out, "test", "");
            writer.addInterface("eth0", "", 1);
            for (int i = 0; i < count; i++) {
                byte[] octets = ping.toArray();
                octets[octets.length - 5] = (byte) i;
                writer.packet(0, i * 1_000L, Direction.UNKNOWN, Octets.wrap(octets), i == 777_777 ? "the odd one" : "");
            }
        }
        List<Integer> sizes = new ArrayList<>();
        fx(() -> {
            var folders = new Folders(folder.resolve("settings"), folder.resolve("autosave"));
            window = new Captures(folders, theme, Optional.empty()).open(stage, capture);
            window.model().rows().addListener((ListChangeListener<CaptureRow>) c -> sizes.add(c.getList().size()));
        });
        rest();
        assertEquals(count, fx(() -> window.model().rows().size()));
        assertTrue(sizes.stream().anyMatch(size -> size > 0 && size < count), "rows show while the file is still read");
        fx(() -> window.pane().table().requestFocus());
        robot.push(KeyCode.END);
        settle();
        assertEquals(count, fx(() -> window.pane().table().getSelectionModel().getSelectedItem()).number());
        robot.push(KeyCode.HOME);
        settle();
        filter("comment ~ odd");
        assertEquals(List.of(777_778L), rows().stream().map(CaptureRow::number).toList());
        sizes.clear();
        fx(() -> {
            window.pane().filter().setText("icmpv6.echo.sequence_number == 9");
            window.pane().filter().getOnAction().handle(null);
        });
        until(() -> window.model().rows().size() > 0);
        assertEquals("Filtering", fx(() -> window.model().workProperty().get()));
        snapshot(stage.getScene().getRoot(), "capture-filtering");
        robot.clickOn("#cancel");
        until(() -> window.model().isIdle());
        assertTrue(fx(() -> window.model().rows().size()) < count);
        assertEquals("Filtering was stopped", fx(() -> window.model().troubleProperty().get()));
        filter("number > 999990");
        assertEquals(10, rows().size());
        assertEquals("", fx(() -> window.model().troubleProperty().get()));
        fx(() -> filterAndGoTo("icmpv6.echo.sequence_number == 9", 100_000));
        until(() -> window.model().rows().size() > 0);
        assertTrue(fx(() -> window.model().isLooking()));
        until(() -> window.pane().table().getSelectionModel().getSelectedItem() instanceof CaptureRow row && row.number() >= 100_000);
        assertEquals(100_106, selected());
        assertTrue(fx(() -> window.model().isLooking()), "it is gone to before the filter has come to the end");
        fx(() -> window.model().stop());
    }

    /** A number is gone to when the filter comes to it, and said until then; what no filter comes to is said, too. */
    @Test
    void goesToANumberThatTheFilterHasNotComeTo() throws Exception {
        Path capture = folder.resolve("run.pcapng");
        run("handover", capture, folder.resolve("keys"));
        open(capture);
        Label message = robot.lookup("#filter-message").query();
        fx(() -> filterAndGoTo("number > 20", 57));
        rest();
        assertEquals(57, selected());
        assertFalse(message.isVisible(), message.getText());
        fx(() -> {
            filterAndGoTo("number < 20", 57);
            assertEquals("Goes to No 57 as soon as the list comes to it.", message.getText());
        });
        rest();
        assertEquals(19, selected(), "the nearest, at the end");
        assertFalse(message.isVisible(), message.getText());
        fx(() -> {
            filterAndGoTo("number < 30", 10);
            filterAndGoTo("number < 40", 10);
            window.pane().filter().ask("number < 50");
        });
        rest();
        assertEquals(19, selected(), "another filter, and it is not gone to");
        fx(() -> {
            filterAndGoTo("number < 60", 10);
            robot.lookup("#number").query().fireEvent(new KeyEvent(KeyEvent.KEY_PRESSED, "", "", KeyCode.ESCAPE, false, false, false, false));
            assertFalse(message.isVisible(), message.getText());
        });
        rest();
        assertEquals(19, selected(), "Esc, and it is not gone to");

        filter("number > 100000");
        assertEquals("No packet matches the filter.", fx(() -> ((Label) window.pane().table().getPlaceholder()).getText()));
    }

    private void filterAndGoTo(String query, long packet) {
        window.pane().filter().ask(query);
        TextField number = (TextField) window.pane().lookup("#number");
        number.setText(Long.toString(packet));
        number.getOnAction().handle(null);
    }

    private long selected() {
        return fx(() -> window.pane().table().getSelectionModel().getSelectedItem()).number();
    }

    /** A query that is wrong, or asks for what no packet has, is seen where it is typed. */
    @Test
    void aWrongQueryIsSeen() throws Exception {
        Path capture = folder.resolve("run.pcapng");
        run("handover", capture, folder.resolve("keys"));
        open(capture);
        Label message = robot.lookup("#filter-message").query();
        filter("ipv6.addr == 2001:db8:2::/64");
        int either = rows().size();
        assertTrue(either > 0, "the first thing that a user of Wireshark types");
        filter("ipv6.src == 2001:db8:2::/64 or ipv6.dst == 2001:db8:2::/64");
        assertEquals(either, rows().size());
        assertFalse(message.isVisible());
        filter("");
        robot.clickOn("#filter").write("ip6 ==");
        until(message::isVisible);
        assertTrue(message.getText().startsWith("expected a value after \"==\""), message.getText());
        var borders = fx(() -> window.pane().filter().getBorder());
        assertEquals(fx(() -> theme.palette().color("drop")), borders.getStrokes().getFirst().getTopStroke());
        snapshot(stage.getScene().getRoot(), "filter-wrong-light");
        fx(() -> theme.choiceProperty().set(Theme.Choice.DARK));
        snapshot(stage.getScene().getRoot(), "filter-wrong-dark");
        filter("foo.bar == 3");
        assertEquals("None of the packets asked has a field foo.bar. Ctrl+Space offers names.", message.getText());
        assertTrue(message.isVisible());
        snapshot(stage.getScene().getRoot(), "filter-unknown-dark");
        fx(() -> theme.choiceProperty().set(Theme.Choice.LIGHT));
        snapshot(stage.getScene().getRoot(), "filter-unknown-light");
        filter("foo.bar ==");
        filter("foo.bar == 3");
        assertTrue(message.getText().startsWith("None of"), message.getText());
        filter("ipv6.hlim == 3");
        assertFalse(message.isVisible(), message.getText());
    }

    /** What is typed as soon as the dialog is there goes into its text, and closes nothing. */
    @Test
    void keysAreTypedAtOnce() throws Exception {
        Path capture = folder.resolve("run.pcapng");
        run("handover", capture, folder.resolve("keys"));
        open(capture);
        robot.push(KeyCode.CONTROL, KeyCode.K);
        until(() -> robot.lookup("#keys").tryQuery().isPresent());
        TextArea text = robot.lookup("#keys").query();
        settle();
        assertTrue(fx(text::isFocused), () -> "has it: " + text.getScene().getFocusOwner());
        robot.push(KeyCode.SPACE);
        robot.push(KeyCode.ENTER);
        settle();
        assertEquals(" \n", text.getText());
        assertTrue(text.getScene().getWindow().isShowing());
        robot.clickOn("Cancel");
    }

    @Test
    void keysArePastedAndABadLineIsNamed() throws Exception {
        Path capture = folder.resolve("run.pcapng");
        Path profile = folder.resolve("keys");
        run("protected-registration-esp", capture, profile);
        open(capture);
        filter("BU");
        int readable = rows().size();
        fx(() -> window.pane().focusList());
        robot.push(KeyCode.CONTROL, KeyCode.K);
        until(() -> robot.lookup("#keys").tryQuery().isPresent());
        TextArea text = robot.lookup("#keys").query();
        String lines = Files.readString(profile.resolve("esp_sa"));
        fx(() -> text.setText("# mine\n" + lines.lines().findFirst().orElseThrow().replaceFirst("0x", "0y")));
        assertTrue(fx(() -> robot.lookup("#keys-problem").<Label>query().getText()).startsWith("line 2: expected an SPI"));
        assertTrue(robot.lookup("OK").query().isDisabled());
        assertTrue(Files.size(snapshot(text.getScene().getRoot(), "capture-keys")) > 5_000);
        fx(() -> text.setText(lines));
        robot.clickOn("OK");
        until(() -> !window.model().keys().isEmpty());
        rest();
        assertTrue(rows().size() > readable, "binding updates within ESP");
        assertTrue(robot.lookup("#keyed").<Label>query().getText().endsWith("SAs"));
    }

    /** From the lab's window, and back. */
    @Test
    void besideALab() throws Exception {
        Path capture = folder.resolve("run.pcapng");
        run("handover", capture, folder.resolve("keys"));
        Workbench[] lab = {null};
        var folders = new Folders(folder.resolve("settings"), folder.resolve("autosave"));
        fx(() -> {
            lab[0] = WorkbenchApp.show(stage, folders, Settings.DEFAULT);
            lab[0].documents().openAsking(capture);
        });
        until(() -> Window.getWindows().stream().anyMatch(w -> w.getScene().getRoot() instanceof CaptureWindow));
        window = fx(() -> (CaptureWindow) Window.getWindows().stream().map(w -> w.getScene().getRoot()).filter(CaptureWindow.class::isInstance).findFirst().orElseThrow());
        rest();
        assertTrue(rows().size() > 100);
        assertEquals("run.pcapng – Careof", fx(() -> ((Stage) window.getScene().getWindow()).getTitle()));
        until(() -> Settings.read(folders.settings()).recent().equals(List.of(capture)));
        robot.push(KeyCode.CONTROL, KeyCode.L);
        until(() -> stage.isFocused());
        fx(() -> ((Stage) window.getScene().getWindow()).close());
        fx(() -> lab[0].session().close());
    }
}
