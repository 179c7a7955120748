package careof.engine.query;

import careof.engine.base.VirtualTime;
import careof.engine.query.Query.And;
import careof.engine.query.Query.Compare;
import careof.engine.query.Query.Everything;
import careof.engine.query.Query.Not;
import careof.engine.query.Query.Operator;
import careof.engine.query.Query.Or;
import careof.engine.query.Query.Part;
import careof.engine.query.Query.Word;
import careof.engine.trace.Reason;
import careof.engine.trace.StateFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BinaryOperator;

/** Reads the text of a {@link Query}. */
final class QueryParser {
    private static final int LONGEST = 10_000;
    private static final int DEEPEST = 100;
    private static final String DOTTED = "[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z0-9_]+)+";
    /** What needs no quotation marks. */
    private static final String PLAIN = "[A-Za-z0-9_.:/-]+";
    private static final List<String> SIGNS = List.of("==", "!=", "<=", ">=", "&&", "||", "<", ">", "=", "~", "!", "(", ")");
    private static final List<String> KINDS = List.of("started", "acted", "sent", "arrived", "derived", "decided", "dropped", "changed");
    private static final List<String> REASONS = Arrays.stream(Reason.values()).map(Reason::code).toList();

    private enum Kind { SIGN, WORD, QUOTED, END }

    /**
     * @param column from 1
     * @param end    in the query's text, exclusive
     */
    private record Token(Kind kind, String text, int column, int end) {
        boolean is(String sign, String word) {
            return kind == Kind.SIGN && text.equals(sign) || kind == Kind.WORD && text.equalsIgnoreCase(word);
        }
    }

    /** The right side of a comparison. */
    private record Value(String field, Token token) {}

    private final String text;
    private final boolean captures;
    private final List<Token> tokens = new ArrayList<>();
    private final List<Value> values = new ArrayList<>();
    private int next;
    private int depth;

    /** @param captures true: about packets of a capture; false: about events */
    QueryParser(String text, boolean captures) {
        this.text = text;
        this.captures = captures;
    }

    Part parse() throws QueryProblem {
        if (text.length() > LONGEST) {
            throw new QueryProblem(text.substring(0, 60) + "...", 1, "longer than " + LONGEST + " characters");
        }
        split();
        if (peek().kind == Kind.END) {
            return new Everything();
        }
        Part root = or();
        if (peek().kind != Kind.END) {
            throw problem(peek(), peek().is(")", ")") ? "this closes no parenthesis" : "expected \"and\", \"or\" or the end");
        }
        return root;
    }

    /** The text with other values in its comparisons, all else as it was written; after {@link #parse}. */
    String replaced(BinaryOperator<String> change) {
        StringBuilder changed = new StringBuilder(text);
        for (Value value : values.reversed()) {
            String now = change.apply(value.field, value.token.text);
            if (!now.equals(value.token.text)) {
                changed.replace(value.token.column - 1, value.token.end, value.token.kind == Kind.WORD && now.matches(PLAIN) ? now
                        : '"' + now.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
            }
        }
        return changed.toString();
    }

    private QueryProblem problem(Token at, String message) {
        return new QueryProblem(text, at.column, message);
    }

    private void split() throws QueryProblem {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int start = i;
            if (Character.isWhitespace(c)) {
                i++;
            } else if (c == '"') {
                StringBuilder quoted = new StringBuilder();
                for (i++; i < text.length() && text.charAt(i) != '"'; i++) {
                    i += text.charAt(i) == '\\' && i + 1 < text.length() ? 1 : 0;
                    quoted.append(text.charAt(i));
                }
                if (i >= text.length()) {
                    throw new QueryProblem(text, start + 1, "this quotation mark is not closed");
                }
                i++;
                tokens.add(new Token(Kind.QUOTED, quoted.toString(), start + 1, i));
            } else {
                String sign = sign(i);
                if (sign != null) {
                    i += sign.length();
                    tokens.add(new Token(Kind.SIGN, sign, start + 1, i));
                } else if (c == '&' || c == '|') {
                    throw new QueryProblem(text, start + 1, "expected " + c + c);
                } else {
                    while (i < text.length() && !Character.isWhitespace(text.charAt(i)) && text.charAt(i) != '"' && "&|".indexOf(text.charAt(i)) < 0 && sign(i) == null) {
                        i++;
                    }
                    tokens.add(new Token(Kind.WORD, text.substring(start, i), start + 1, i));
                }
            }
        }
        tokens.add(new Token(Kind.END, "", text.length() + 1, text.length()));
    }

    private String sign(int at) {
        for (String sign : SIGNS) {
            if (text.startsWith(sign, at)) {
                return sign;
            }
        }
        return null;
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Part or() throws QueryProblem {
        Part left = and();
        while (peek().is("||", "or")) {
            next++;
            left = new Or(left, and());
        }
        return left;
    }

    private Part and() throws QueryProblem {
        Part left = not();
        while (true) {
            if (peek().is("&&", "and")) {
                next++;
            } else if (peek().kind == Kind.END || peek().is(")", ")") || peek().is("||", "or")) {
                return left;
            }
            Part right = not();
            left = asksPacket(left) && !asksPacket(right) ? new And(right, left) : new And(left, right);    // what is cheap first
        }
    }

    private static boolean asksPacket(Part part) {
        return switch (part) {
            case Everything _ -> false;
            case Word _ -> true;
            case Compare compare -> compare.field().equals("protocol") || compare.field().equals("text")
                    || compare.field().indexOf('.') >= 0 && !compare.field().matches("(arg|old|now)\\..*");
            case Not(Part inner) -> asksPacket(inner);
            case And(Part left, Part right) -> asksPacket(left) || asksPacket(right);
            case Or(Part left, Part right) -> asksPacket(left) || asksPacket(right);
        };
    }

    private Part not() throws QueryProblem {
        Token token = peek();
        if (++depth > DEEPEST) {
            throw problem(token, "nested too deeply");
        }
        try {
            next++;
            if (token.is("!", "not")) {
                return new Not(not());
            }
            if (token.is("(", "(")) {
                Part inner = or();
                if (!peek().is(")", ")")) {
                    throw problem(token, "this parenthesis is not closed");
                }
                next++;
                return inner;
            }
            if (token.kind == Kind.SIGN || token.kind == Kind.END || token.is("", "and") || token.is("", "or")) {
                throw problem(token, "expected a field or a word" + (token.kind == Kind.END ? "" : " before \"" + token.text + "\""));
            }
            Operator operator = operator();
            if (token.kind == Kind.WORD && operator != null) {
                return comparison(token, operator);
            }
            return new Word(token.text.toLowerCase(Locale.ROOT), token.kind == Kind.WORD && token.text.matches(DOTTED));
        } finally {
            depth--;
        }
    }

    /** The operator that stands next, or null. */
    private Operator operator() {
        if (peek().is("=", "=")) {
            return Operator.EQUAL;
        }
        for (Operator operator : Operator.values()) {
            if (peek().kind == Kind.SIGN && peek().text.equals(operator.sign())) {
                return operator;
            }
        }
        return null;
    }

    private Part comparison(Token name, Operator operator) throws QueryProblem {
        Token sign = tokens.get(next++);
        Token value = peek();
        if (value.kind != Kind.WORD && value.kind != Kind.QUOTED) {
            throw problem(value, "expected a value after \"" + sign.text + "\"");
        }
        next++;
        String field = name.text.matches(DOTTED) ? name.text : name.text.toLowerCase(Locale.ROOT);
        field = field.equals("event") ? "id" : field;
        List<String> fields = captures ? Query.captureFields() : Query.fields();
        if (!name.text.matches(DOTTED) && !fields.contains(field)) {
            throw problem(name, "no field \"" + name.text + "\"" + meant(field, fields) + "; fields are " + String.join(", ", fields)
                    + (captures ? "" : ", arg.NAME, old.NAME, now.NAME") + " and packet fields such as ipv6.dst");
        }
        if (operator != Operator.CONTAINS) {
            switch (field) {
                case "time" -> time(value);
                case "id", "packet", "cause", "parent", "number" -> whole(name, value);
                case "kind" -> oneOf("kind of event", KINDS, value);
                case "reason" -> oneOf("reason", REASONS, value);
                case "row" -> oneOf("kind of row", StateFields.kinds(), value);
                default -> { }
            }
        }
        values.add(new Value(field, value));
        Operand operand = Operand.of(value.text);
        if (operator.orders() && operand.number().isEmpty()) {
            throw problem(value, "\"" + sign.text + "\" needs a number or a time, such as 64, 0x1f or 2.5s");
        }
        return new Compare(field, operator, operand);
    }

    private void time(Token value) throws QueryProblem {
        try {
            VirtualTime.parse(value.text);
        } catch (IllegalArgumentException e) {
            throw problem(value, e.getMessage());
        }
    }

    private void whole(Token name, Token value) throws QueryProblem {
        if (!value.text.matches("[0-9]{1,18}")) {
            throw problem(value, "\"" + name.text + "\" is a whole number, not \"" + value.text + "\"");
        }
    }

    private void oneOf(String what, List<String> known, Token value) throws QueryProblem {
        String given = value.text.toLowerCase(Locale.ROOT);
        if (!known.contains(given)) {
            throw problem(value, "no " + what + " \"" + value.text + "\"" + meant(given, known) + (known.size() < 10 ? "; there are " + String.join(", ", known) : ""));
        }
    }

    private static String meant(String given, List<String> known) {
        String best = "";
        int least = Math.max(1, given.length() / 3) + 1;
        for (String candidate : known) {
            int distance = distance(given, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best.isEmpty() ? "" : "; meant \"" + best + "\"?";
    }

    /** Letters to change, insert or remove (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                row[j] = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
