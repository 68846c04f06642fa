/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import java.util.List;

/**
 * What a report says of one pipeline.
 *
 * @param title the pipeline in a word or two
 * @param introduction one or two sentences, as text
 * @param figures the run's figures
 * @param sections what follows
 */
public record ReportPage(
        String title, String introduction, List<Figure> figures, List<Section> sections) {

    /** A number with its name, shown large. */
    public record Figure(String name, String value) {}

    /**
     * Pictures and tables under a heading.
     *
     * @param caption what is to be seen, as text
     * @param columns exhibits beside one another where the screen is wide enough
     */
    public record Section(
            String heading, String caption, int columns, List<? extends Exhibit> exhibits) {}
}
