package careof.engine.pki;

/** Text out of certificates, whoever made them, for people's eyes. */
final class Printable {
    private static final int MOST = 512;

    private Printable() {}

    /** What would move a cursor or hide something is written as its code; what is too long is cut. */
    static String text(String text) {
        StringBuilder shown = new StringBuilder(Math.min(text.length(), MOST));
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (shown.length() >= MOST) {
                return shown.append("...").toString();
            }
            boolean plain = switch (Character.getType(c)) {
                case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
                default -> true;
            };
            if (plain) {
                shown.append(c);
            } else {
                shown.append(String.format("\\u%04x", (int) c));
            }
        }
        return shown.toString();
    }
}
