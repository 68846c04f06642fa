/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.Received;
import io.thalamus.connectors.recording.RecordingDescription;
import io.thalamus.connectors.recording.RecordingFormat;
import io.thalamus.connectors.recording.RecordingReader;
import io.thalamus.connectors.recording.StreamDescription;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.fs.Path;

/**
 * What is in a recording; as JSON, an object with these fields.
 *
 * @param recording the file
 * @param stream the stream that it becomes
 * @param rate the sample rate
 * @param first the time of the first sample
 * @param last the time of the last sample
 * @param rows samples
 * @param missing missing values by channel
 * @param gaps where samples are lost
 * @param deadLetters rows that cannot be used
 */
record RecordingInspection(
        String recording,
        String stream,
        String rate,
        String first,
        String last,
        long rows,
        Map<String, Long> missing,
        List<Gap> gaps,
        long deadLetters) {
    private static final int SHOWN_GAPS = 10;

    /**
     * Lost samples.
     *
     * @param from the time of the first of them
     * @param samples how many
     */
    record Gap(String from, long samples) {}

    /** Reads a whole recording. */
    static RecordingInspection of(Path file, String stream, RecordingFormat format)
            throws IOException {
        RecordingDescription recording = format.describe(file, stream);
        StreamDescription description = recording.streams().get(0);
        Map<String, Long> missing = new LinkedHashMap<>();
        description.channels().forEach(channel -> missing.put(channel, 0L));
        List<Gap> gaps = new ArrayList<>();
        long rows = 0;
        long deadLetters = 0;
        SignalFrame last = null;
        try (RecordingReader reader = format.open(file, stream, new byte[0])) {
            for (Received received = reader.next(); received != null; received = reader.next()) {
                SignalFrame frame = received.frame();
                if (frame == null) {
                    deadLetters++;
                    continue;
                }
                if (last != null && frame.sequence() > last.nextSequence()) {
                    gaps.add(
                            new Gap(time(last.endNanos()), frame.sequence() - last.nextSequence()));
                }
                for (int i = 0; i < frame.samples().length; i++) {
                    if (Float.isNaN(frame.samples()[i])) {
                        missing.merge(frame.channels().get(i / frame.length()), 1L, Long::sum);
                    }
                }
                rows += frame.length();
                last = frame;
            }
        }
        return new RecordingInspection(
                recording.path(),
                stream,
                description.rate().toString(),
                time(recording.startNanos()),
                last == null
                        ? null
                        : time(last.startNanos() + last.rate().nanosOf(last.length() - 1L)),
                rows,
                missing,
                gaps,
                deadLetters);
    }

    private static String time(long nanos) {
        return Instant.EPOCH.plusNanos(nanos).toString();
    }

    /** For people. */
    String text() {
        Lines lines = new Lines();
        lines.add("recording", recording);
        lines.add("stream", stream);
        lines.add("rate", rate);
        lines.add("time", first + " to " + last);
        lines.add("rows", "%,d".formatted(rows));
        lines.add("dead letters", "%,d rows that cannot be used".formatted(deadLetters));
        missing.forEach(
                (channel, count) ->
                        lines.add("channel", "%s, %,d values missing".formatted(channel, count)));
        lines.add("gaps", "%,d".formatted(gaps.size()));
        gaps.stream()
                .limit(SHOWN_GAPS)
                .forEach(
                        gap ->
                                lines.add(
                                        "",
                                        "%,d samples from %s".formatted(gap.samples, gap.from)));
        if (gaps.size() > SHOWN_GAPS) {
            lines.add("", "... and %,d more".formatted(gaps.size() - SHOWN_GAPS));
        }
        return lines.toString();
    }
}
