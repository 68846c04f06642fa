/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Rows of cells under a head, for people: the first column to the left, the others to the right.
 */
final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... head) {
        rows.add(List.of(head));
    }

    void add(String... cells) {
        rows.add(List.of(cells));
    }

    @Override
    public String toString() {
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < rows.get(0).size(); column++) {
            int at = column;
            widths.add(Collections.max(rows.stream().map(row -> row.get(at).length()).toList()));
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String format =
                        column == 0 ? "%-" + widths.get(0) + "s" : "  %" + widths.get(column) + "s";
                line.append(format.formatted(row.get(column)));
            }
            text.append(line).append(System.lineSeparator());
        }
        return text.toString();
    }
}
