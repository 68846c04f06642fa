/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

/**
 * Something to listen to.
 *
 * @param title what it is
 * @param file a WAV file, relative to the report's
 */
public record Sound(String title, String file) implements Exhibit {

    @Override
    public String html() {
        return "<figcaption>%s</figcaption><audio controls preload=\"none\" src=\"%s\"></audio>"
                .formatted(Report.escape(title), Report.escape(file));
    }
}
