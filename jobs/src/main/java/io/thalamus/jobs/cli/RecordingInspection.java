/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.Received;
import io.thalamus.connectors.recording.RecordingDescription;
import io.thalamus.connectors.recording.RecordingFormat;
import io.thalamus.connectors.recording.RecordingReader;
import io.thalamus.jobs.report.QuickLook;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.flink.core.fs.Path;

/**
 * What is in a recording; as JSON, an object with these fields.
 *
 * @param recording the file
 * @param format the kind of file
 * @param start the time of its start
 * @param streams the streams that it becomes
 * @param annotations how many annotations have each text; beyond {@value #MOST_TEXTS} texts, the
 *     rest under {@value #OTHER_TEXTS}
 * @param deadLetters how many pieces cannot be used
 * @param firstDeadLetters the first {@value #SHOWN_LETTERS} of them
 */
record RecordingInspection(
        String recording,
        String format,
        String start,
        List<StreamInspection> streams,
        Map<String, Long> annotations,
        long deadLetters,
        List<Refused> firstDeadLetters) {
    static final int SHOWN_LETTERS = 10;
    static final int MOST_TEXTS = 1000;
    static final String OTHER_TEXTS = "other texts";
    private static final int SHOWN_TEXTS = 10;

    /**
     * A piece that cannot be used.
     *
     * @param position its line or byte in the file
     * @param reason what is wrong
     */
    record Refused(long position, String error, String reason) {
        static Refused of(DeadLetter letter) {
            return new Refused(letter.position(), letter.error(), letter.reason());
        }

        private String text() {
            return "at %,d, %s: %s".formatted(position, error, reason);
        }
    }

    /** Looks at a whole recording. */
    static RecordingInspection of(RecordingDescription description, RecordingFormat format)
            throws IOException {
        // A stream whose channels change is one for each of them.
        Map<List<Object>, StreamInspection.Totals> streams = new LinkedHashMap<>();
        description
                .streams()
                .forEach(
                        stream ->
                                streams.putIfAbsent(
                                        List.of(stream.streamId(), stream.channels()),
                                        new StreamInspection.Totals(stream)));
        Map<String, Long> annotations = new LinkedHashMap<>();
        long[] deadLetters = new long[1];
        List<Refused> firstDeadLetters = new ArrayList<>();
        read(
                description,
                format,
                received -> {
                    if (received.frame() != null) {
                        SignalFrame frame = received.frame();
                        streams.get(List.of(frame.streamId(), frame.channels())).add(frame);
                    } else if (received.annotation() != null) {
                        String text = received.annotation().text();
                        boolean counted = annotations.containsKey(text);
                        annotations.merge(
                                counted || annotations.size() < MOST_TEXTS ? text : OTHER_TEXTS,
                                1L,
                                Long::sum);
                    } else {
                        deadLetters[0]++;
                        if (firstDeadLetters.size() < SHOWN_LETTERS) {
                            firstDeadLetters.add(Refused.of(received.deadLetter()));
                        }
                    }
                });
        return new RecordingInspection(
                description.path(),
                description.format(),
                time(description.startNanos()),
                streams.values().stream().map(StreamInspection.Totals::result).toList(),
                annotations,
                deadLetters[0],
                firstDeadLetters);
    }

    private static void read(
            RecordingDescription description, RecordingFormat format, Consumer<Received> to)
            throws IOException {
        try (RecordingReader reader =
                format.open(new Path(description.path()), description.name(), new byte[0])) {
            for (Received received = reader.next(); received != null; received = reader.next()) {
                to.accept(received);
            }
        }
    }

    /**
     * A picture of the recording, which is read once more for it, as how long it is was not known
     * before.
     *
     * @throws InvalidInputException if there is nothing to draw
     */
    QuickLook look(RecordingDescription description, RecordingFormat format) throws IOException {
        List<StreamInspection> played =
                streams.stream().filter(stream -> stream.samples() > 0).toList();
        if (played.isEmpty()) {
            throw new InvalidInputException(
                    "recording '%s' holds no samples that could be drawn".formatted(recording));
        }
        QuickLook look =
                new QuickLook(
                        description,
                        played.stream().mapToLong(StreamInspection::startNanos).min().orElseThrow(),
                        played.stream().mapToLong(StreamInspection::endNanos).max().orElseThrow());
        read(description, format, look::add);
        return look;
    }

    static String time(long nanos) {
        return Instant.EPOCH.plusNanos(nanos).toString();
    }

    /** For people. */
    String text() {
        Lines lines = new Lines();
        lines.add("recording", recording);
        lines.add("format", format);
        lines.add("start", start);
        lines.add("dead letters", "%,d pieces that cannot be used".formatted(deadLetters));
        firstDeadLetters.forEach(refused -> lines.add("", refused.text()));
        if (deadLetters > firstDeadLetters.size()) {
            lines.add("", "... and %,d more".formatted(deadLetters - firstDeadLetters.size()));
        }
        lines.add(
                "annotations",
                "%,d".formatted(annotations.values().stream().mapToLong(Long::longValue).sum()));
        annotations.entrySet().stream()
                .limit(SHOWN_TEXTS)
                .forEach(
                        entry ->
                                lines.add(
                                        "",
                                        "%,d x %s".formatted(entry.getValue(), entry.getKey())));
        if (annotations.size() > SHOWN_TEXTS) {
            lines.add("", "... and %,d other texts".formatted(annotations.size() - SHOWN_TEXTS));
        }
        return lines + streams.stream().map(StreamInspection::text).collect(Collectors.joining());
    }
}
