package careof.app.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Text in columns, for a terminal. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    void row(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** The first column is flush left, the others flush right. */
    void print(PrintWriter out) {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                if (i == widths.size()) {
                    widths.add(0);
                }
                widths.set(i, Math.max(widths.get(i), row.get(i).length()));
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder("  ");
            for (int i = 0; i < row.size(); i++) {
                int blanks = widths.get(i) - row.get(i).length();
                if (i == 0) {
                    line.append(row.get(i)).repeat(' ', blanks);
                } else {
                    line.append("  ").repeat(' ', blanks).append(row.get(i));
                }
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
