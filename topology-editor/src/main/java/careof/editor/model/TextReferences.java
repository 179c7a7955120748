package careof.editor.model;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.lab.IkeDefaults;
import careof.engine.lab.Lab;
import careof.engine.query.Query;
import careof.engine.query.QueryProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Names and addresses inside of texts: in the queries of expectations, and in what an attack looks for. Of a query the values of comparisons follow;
 * free words, which may mean anything, stay.
 */
final class TextReferences {
    /** Fields of reasons and table rows. */
    private static final String TABLES = "(arg|old|now)\\..*";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern ADDRESS = Pattern.compile("(?<![0-9A-Za-z:.])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(/[0-9]{1,3})?(?![0-9A-Za-z:.])");

    private TextReferences() {}

    /** A query with each name of a node and of a link put through a function; one that cannot be read stays. */
    static String renamed(Lab lab, String query, UnaryOperator<String> node, UnaryOperator<String> link) {
        UnaryOperator<String> known = name -> lab.node(name).isPresent() ? node.apply(name) : name;
        return replaced(query, (field, value) -> switch (field) {
            case "node" -> known.apply(value);
            case "link" -> lab.link(value).isPresent() ? link.apply(value) : value;
            case "to" -> {
                int port = value.indexOf('/');
                yield port < 0 ? known.apply(value) : known.apply(value.substring(0, port)) + value.substring(port);
            }
            default -> field.matches(TABLES) ? words(value, known) : value;
        });
    }

    /** A text of which each word that names a node, or is the domain name that follows from it, is put through a function. */
    private static String words(String text, UnaryOperator<String> node) {
        return NAME.matcher(text).replaceAll(word -> node.apply(host(word.group())) + word.group().substring(host(word.group()).length()));
    }

    /** "mn" of "mn.lab" and of "mn". */
    private static String host(String name) {
        return name.endsWith(IkeDefaults.DOMAIN) ? name.substring(0, name.length() - IkeDefaults.DOMAIN.length()) : name;
    }

    /** Whether a query names one of these. */
    static boolean names(String query, Set<String> nodes, Set<String> links) {
        List<String> named = new ArrayList<>();
        replaced(query, (field, value) -> {
            named.addAll(switch (field) {
                case "link" -> links.contains(value) ? List.of(value) : List.of();
                case "node", "to" -> nodes.contains(value.replaceAll("/.*", "")) ? List.of(value) : List.of();
                default -> field.matches(TABLES) ? NAME.matcher(value).results().map(word -> host(word.group())).filter(nodes::contains).toList() : List.of();
            });
            return value;
        });
        return !named.isEmpty();
    }

    /** A query with each address put through a function. */
    static String renumberedQuery(String query, UnaryOperator<Ip6Address> address, UnaryOperator<Prefix> prefix) {
        return replaced(query, (_, value) -> renumbered(value, address, prefix));
    }

    /** A text with each address and each prefix in it put through a function. */
    static String renumbered(String text, UnaryOperator<Ip6Address> address, UnaryOperator<Prefix> prefix) {
        return ADDRESS.matcher(text).replaceAll(found -> {
            try {
                return found.group(1) == null ? changed(found.group(), Ip6Address.parse(found.group()), address) : changed(found.group(), Prefix.parse(found.group()), prefix);
            } catch (IllegalArgumentException e) {
                return found.group();
            }
        });
    }

    /** As it was written, if it stays. */
    private static <T> String changed(String text, T value, UnaryOperator<T> change) {
        T now = change.apply(value);
        return now.equals(value) ? text : now.toString();
    }

    private static String replaced(String query, BinaryOperator<String> change) {
        try {
            return Query.replace(query, change);
        } catch (QueryProblem e) {
            return query;
        }
    }
}
