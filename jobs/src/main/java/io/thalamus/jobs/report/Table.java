/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import java.util.List;

/**
 * A table; all columns but the first are numbers.
 *
 * @param columns the columns' names
 * @param rows the cells of each row, as text
 */
public record Table(List<String> columns, List<List<String>> rows) implements Exhibit {

    public Table {
        for (List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "the row %s has %d cells for the columns %s"
                                .formatted(row, row.size(), columns));
            }
        }
    }

    @Override
    public String html() {
        StringBuilder html = new StringBuilder("<table>\n");
        row(html, "th", columns);
        rows.forEach(row -> row(html, "td", row));
        return html.append("</table>").toString();
    }

    private static void row(StringBuilder html, String tag, List<String> cells) {
        html.append("<tr>");
        for (String cell : cells) {
            html.append("<%s>%s</%s>".formatted(tag, Report.escape(cell), tag));
        }
        html.append("</tr>\n");
    }
}
