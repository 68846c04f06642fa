/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.recording.RecordingFolder;
import io.thalamus.connectors.recording.WrittenFormat;
import io.thalamus.jobs.report.Series;
import io.thalamus.jobs.report.SoundPage.Track;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The WAV files that a demo's report lets one listen to.
 *
 * @param folder the report's, which a folder for them is made in
 */
record SoundFiles(Path folder) {
    private static final String SOUNDS = "sounds";

    /**
     * Writes the frames of one stream, of one channel and without a break, as a file.
     *
     * @param title what it is
     * @param name the file's, without its ending
     */
    Track track(String title, String name, List<SignalFrame> frames) throws IOException {
        write(folder.resolve(SOUNDS), frames.stream().map(f -> f.withStreamId(name)).toList());
        return new Track(title, Series.of(frames), SOUNDS + "/" + name + ".wav");
    }

    /** Writes frames as one file for each of their streams. */
    static void write(Path into, List<SignalFrame> frames) throws IOException {
        try (RecordingFolder out =
                RecordingFolder.open(into.toString(), WrittenFormat.WAV16, true)) {
            for (SignalFrame frame : frames) {
                out.write(frame);
            }
            out.finish();
        }
    }
}
