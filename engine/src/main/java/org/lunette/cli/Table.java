package org.lunette.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lunette.admin.AdminResult;

/** Rows under headings, each column as wide as it needs to be. */
final class Table {
    private final List<String> keys = new ArrayList<>();
    private final List<String> headings = new ArrayList<>();

    /** Adds a column with what stands below a key of each row. */
    Table column(String heading, String key) {
        headings.add(heading);
        keys.add(key);
        return this;
    }

    void print(PrintWriter out, List<Map<?, ?>> rows) {
        List<List<String>> lines = new ArrayList<>(List.of(headings));
        for (Map<?, ?> row : rows) {
            lines.add(keys.stream().map(key -> AdminResult.text(row, key)).toList());
        }
        int[] widths = new int[keys.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                text.append(line.get(i))
                        .append(" ".repeat(widths[i] - line.get(i).length() + 2));
            }
            out.println(text.toString().stripTrailing());
        }
    }
}
