/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

/** Something to look at in a section of a report. */
public sealed interface Exhibit permits LineChart, HeatMap, Table, Sound {
    /** The width of a picture of which two stand side by side, in pixels. */
    int HALF = 500;

    /** The width of a picture that stands alone, in pixels. */
    int WHOLE = 1020;

    /** HTML or SVG that takes its colours from the report's style. */
    String html();

    /** The beginning of a picture: its size, and its title in the upper left corner. */
    static String picture(String title, int width, int height) {
        return "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
                        .formatted(width, height, Report.escape(title))
                + "<text class=\"title\" x=\"0\" y=\"13\">%s</text>"
                        .formatted(Report.escape(title));
    }
}
