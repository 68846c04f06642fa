/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import io.thalamus.connectors.Received;
import io.thalamus.connectors.recording.RecordingDescription;
import io.thalamus.connectors.recording.StreamDescription;
import io.thalamus.schemas.Annotation;
import java.awt.image.BufferedImage;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A picture of a recording as a whole: for each stream the levels of its channels, column by
 * column, and the spectrogram of the first, with gaps and annotations. Its memory depends on the
 * size of the picture and not on the length of the recording.
 */
public final class QuickLook {
    static final int MOST_STREAMS = 6;

    private final RecordingDescription recording;
    private final TimeColumns columns;
    private final Map<String, StreamLook> streams = new LinkedHashMap<>();
    private final String[] onsets = new String[QuickLookPicture.COLUMNS];
    private final BitSet annotated = new BitSet();

    /**
     * @param startNanos the time of the first sample, in nanoseconds since the epoch
     * @param endNanos the time after the last
     */
    public QuickLook(RecordingDescription recording, long startNanos, long endNanos) {
        this.recording = recording;
        this.columns = new TimeColumns(startNanos, endNanos, QuickLookPicture.COLUMNS);
        for (StreamDescription stream : recording.streams()) {
            if (streams.size() < MOST_STREAMS) {
                streams.put(stream.streamId(), new StreamLook(stream, columns));
            }
        }
    }

    /** Adds what comes next in the recording. */
    public void add(Received received) {
        if (received.annotation() != null) {
            add(received.annotation());
        } else if (received.frame() != null) {
            StreamLook stream = streams.get(received.frame().streamId());
            if (stream != null) {
                stream.add(received.frame());
            }
        }
    }

    private void add(Annotation annotation) {
        double end = (double) annotation.onsetNanos() + annotation.durationNanos();
        int from = columns.at(annotation.onsetNanos());
        int to = columns.after(annotation.onsetNanos(), end);
        if (from >= 0 && from < columns.count() && onsets[from] == null) {
            onsets[from] = annotation.text();
        }
        if (to > 0 && from < columns.count()) {
            annotated.set(Math.max(0, from), Math.min(to, columns.count()));
        }
    }

    /**
     * The picture, {@value QuickLookPicture#WIDTH} pixels wide.
     *
     * @throws io.thalamus.schemas.InvalidInputException if there is no font to write with
     */
    public BufferedImage draw() {
        return new QuickLookPicture(recording, columns, onsets, annotated).draw(streams.values());
    }
}
