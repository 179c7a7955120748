package careof.app.theme;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javafx.scene.paint.Color;

/** The colours of {@code assets/theme/tokens.css} by name, for what is painted on a canvas, where style sheets do not reach. */
public final class Palette {
    private static final Pattern TOKEN = Pattern.compile("-careof-([a-z-]+):\\s*(#[0-9a-fA-F]{6});");
    private static final String SHEET = "/careof/assets/theme/tokens.css";

    public static final Palette LIGHT = new Palette(false);
    public static final Palette DARK = new Palette(true);

    private final boolean dark;
    private final Map<String, Color> colors = new TreeMap<>();

    private Palette(boolean dark) {
        this.dark = dark;
        String text = sheet();
        int split = text.indexOf(".root:dark");
        read(text.substring(0, split));
        if (dark) {
            read(text.substring(split));
        }
    }

    private static String sheet() {
        try (InputStream in = Palette.class.getResourceAsStream(SHEET)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(String text) {
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            colors.put(matcher.group(1), Color.web(matcher.group(2)));
        }
    }

    public boolean isDark() {
        return dark;
    }

    /**
     * @param token a name in the sheet without its prefix, for instance "signalling-soft"
     * @throws IllegalArgumentException when the sheet has no such token
     */
    public Color color(String token) {
        Color color = colors.get(token);
        if (color == null) {
            throw new IllegalArgumentException("no colour \"" + token + "\" in " + SHEET);
        }
        return color;
    }
}
