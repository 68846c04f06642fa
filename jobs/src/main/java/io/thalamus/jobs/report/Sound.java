/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

/**
 * Something to listen to, with its picture.
 *
 * @param picture its spectrogram, whose title says what it is
 * @param file a WAV file, relative to the report's
 */
public record Sound(HeatMap picture, String file) implements Exhibit {

    @Override
    public String html() {
        return picture.html()
                + "<audio controls preload=\"metadata\" aria-label=\"%s\" src=\"%s\"></audio>"
                        .formatted(Report.escape(picture.title()), Report.escape(file));
    }
}
