/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.connectors.Received;
import io.thalamus.connectors.recording.RecordedSource;
import io.thalamus.connectors.recording.RecordingDescription;
import io.thalamus.connectors.recording.RecordingFormat;
import io.thalamus.connectors.recording.RecordingReader;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.fs.Path;

/**
 * All that recordings hold, in memory.
 *
 * @param name what people call the recordings: a file's name, or the folder's and how many lie in
 *     it
 * @param streams the stretches of each stream, at least one, in their order
 * @param annotations all of them
 * @param refused how many pieces cannot be used
 */
public record TrainingData(
        String name,
        Map<String, List<Stretch>> streams,
        List<Annotation> annotations,
        long refused) {

    /** Whatever order they came in. */
    private static final Comparator<Annotation> IN_TIME =
            Comparator.comparing(Annotation::streamId)
                    .thenComparingLong(Annotation::onsetNanos)
                    .thenComparingLong(Annotation::durationNanos)
                    .thenComparing(Annotation::text);

    /**
     * Reads recordings to their ends.
     *
     * @param format that the source has
     * @throws InvalidInputException if they hold no samples, or streams of several kinds
     */
    public static TrainingData read(RecordedSource source, RecordingFormat format)
            throws IOException {
        List<Path> files = new ArrayList<>();
        Map<String, StretchBuilder> builders = new LinkedHashMap<>();
        List<Annotation> annotations = new ArrayList<>();
        long refused = 0;
        for (RecordingDescription recording : source.describe()) {
            Path path = new Path(recording.path());
            files.add(path);
            try (RecordingReader reader = format.open(path, recording.name(), new byte[0])) {
                for (Received received = reader.next();
                        received != null;
                        received = reader.next()) {
                    if (received.frame() != null) {
                        builders.computeIfAbsent(
                                        received.frame().streamId(), id -> new StretchBuilder())
                                .add(received.frame());
                    } else if (received.annotation() != null) {
                        annotations.add(received.annotation());
                    } else {
                        refused++;
                    }
                }
            }
        }
        Map<String, List<Stretch>> streams = new LinkedHashMap<>();
        builders.forEach((id, builder) -> streams.put(id, builder.finish()));
        String name = name(files);
        requireOneKind(name, streams, "name the channels to read with --channels, or other files");
        return new TrainingData(name, streams, annotations, refused);
    }

    /**
     * What a pipeline has prepared.
     *
     * @param frames of all streams, those of each in order
     * @param annotations of all streams, in any order
     * @throws InvalidInputException if there are none, or streams of several kinds
     */
    public static TrainingData of(
            String name, List<SignalFrame> frames, List<Annotation> annotations, long refused) {
        Map<String, StretchBuilder> builders = new TreeMap<>();
        for (SignalFrame frame : frames) {
            builders.computeIfAbsent(frame.streamId(), id -> new StretchBuilder()).add(frame);
        }
        Map<String, List<Stretch>> streams = new LinkedHashMap<>();
        builders.forEach((id, builder) -> streams.put(id, builder.finish()));
        requireOneKind(name, streams, "select them in the pipeline, or name other files there");
        return new TrainingData(
                name, streams, annotations.stream().sorted(IN_TIME).toList(), refused);
    }

    private static String name(List<Path> files) {
        List<Path> folders = files.stream().map(Path::getParent).distinct().toList();
        if (files.size() == 1) {
            return files.get(0).getName();
        }
        return folders.size() == 1
                ? "%s (%,d files)".formatted(folders.get(0).getName(), files.size())
                : "%,d files".formatted(files.size());
    }

    private static void requireOneKind(
            String name, Map<String, List<Stretch>> streams, String remedy) {
        Stretch first = null;
        for (List<Stretch> stretches : streams.values()) {
            for (Stretch stretch : stretches) {
                first = first == null ? stretch : first;
                if (!stretch.samples().channels().equals(first.samples().channels())
                        || !stretch.samples().rate().equals(first.samples().rate())) {
                    throw new InvalidInputException(
                            ("a network learns from streams of one kind, but %s has the channels %s"
                                            + " at %s and %s has %s at %s: %s")
                                    .formatted(
                                            first.samples().streamId(),
                                            first.samples().channels(),
                                            first.samples().rate(),
                                            stretch.samples().streamId(),
                                            stretch.samples().channels(),
                                            stretch.samples().rate(),
                                            remedy));
                }
            }
        }
        if (first == null) {
            throw new InvalidInputException("%s holds no samples to learn from".formatted(name));
        }
    }

    /** The same with labels from elsewhere. */
    public TrainingData withAnnotations(List<Annotation> others) {
        return new TrainingData(name, streams, others, refused);
    }

    private Stretch any() {
        return streams.values().iterator().next().get(0);
    }

    List<String> channels() {
        return any().samples().channels();
    }

    SampleRate rate() {
        return any().samples().rate();
    }

    /** Samples of each channel that a stream has. */
    static long rows(List<Stretch> stream) {
        return stream.get(stream.size() - 1).endRow();
    }

    long rows() {
        return streams.values().stream().mapToLong(TrainingData::rows).sum();
    }
}
