/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.Received;
import io.thalamus.connectors.kafka.FrameFormat;
import io.thalamus.connectors.kafka.TopicReader;
import io.thalamus.connectors.recording.RecordingFolder;
import io.thalamus.connectors.recording.WrittenFormat;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Topics that are written to recordings. */
final class TopicRecording implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(200);

    private final String topic;
    private final TopicReader reader;
    private final Consumer<RecordSummary> progress;
    private final Consumer<String> complaints;

    // What has been recorded so far.
    private long frames;
    private long samples;
    private long annotations;
    private long deadLetters;
    private DeadLetter refused; // the first
    private final Set<String> ended = new TreeSet<>();

    /**
     * @param remarks the topic of annotations, or null
     * @param format how the records of the topic hold frames
     * @param progress told several times a second what has been recorded
     * @param complaints told, in a sentence, of a stream that is not recorded any further
     */
    TopicRecording(
            String bootstrap,
            String topic,
            String remarks,
            FrameFormat format,
            Map<String, String> properties,
            Consumer<RecordSummary> progress,
            Consumer<String> complaints) {
        this.topic = topic;
        this.progress = progress;
        this.complaints = complaints;
        this.reader =
                TopicReader.open(
                        bootstrap, topic, Optional.ofNullable(remarks), format, properties);
    }

    /**
     * Records until it is stopped, or one of the two ends comes.
     *
     * @param latest whether to end at what the topics held at the start
     * @param time when to end, or null
     * @param stopped whether to end now
     */
    RecordSummary execute(
            String folder,
            WrittenFormat format,
            boolean overwrite,
            boolean latest,
            Duration time,
            BooleanSupplier stopped)
            throws IOException {
        long start = System.nanoTime();
        long told = start;
        List<String> files;
        try (RecordingFolder out = RecordingFolder.open(folder, format, overwrite)) {
            try {
                while (!stopped.getAsBoolean()
                        && !(latest && reader.isAtEnd())
                        && (time == null || System.nanoTime() - start < time.toNanos())) {
                    for (Received received : reader.poll(LOOK)) {
                        write(received, out);
                    }
                    if (System.nanoTime() - told >= LOOK.toNanos()) {
                        told = System.nanoTime();
                        progress.accept(summary(start, List.of()));
                    }
                }
            } catch (IOException | RuntimeException e) {
                keep(out, e);
                throw e;
            }
            files = out.finish();
        }
        return summary(start, files);
    }

    private RecordSummary summary(long start, List<String> files) {
        double seconds = (System.nanoTime() - start) / 1e9;
        return new RecordSummary(topic, frames, samples, annotations, deadLetters, seconds, files);
    }

    /** Finishes what was recorded before something could not be. */
    private static void keep(RecordingFolder out, Exception failure) {
        try {
            out.finish();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void write(Received received, RecordingFolder out) throws IOException {
        if (received.deadLetter() != null) {
            deadLetters++;
            refused = refused == null ? received.deadLetter() : refused;
            return;
        }
        SignalFrame frame = received.frame();
        String stream = frame == null ? received.annotation().streamId() : frame.streamId();
        if (ended.contains(stream)) {
            return;
        }
        try {
            if (frame == null) {
                out.write(received.annotation());
                annotations++;
            } else {
                out.write(frame);
                frames++;
                samples += frame.length();
            }
        } catch (InvalidInputException e) {
            ended.add(stream);
            complaints.accept(
                    "stream '%s' is recorded no further: %s".formatted(stream, e.getMessage()));
        }
    }

    /**
     * Makes sure that all streams were recorded to their end, and something was, unless nothing
     * came at all.
     *
     * @throws InvalidInputException if a stream was not, or nothing but dead letters came
     */
    void requireWhole() {
        if (!ended.isEmpty()) {
            throw new InvalidInputException(
                    "not recorded to the end: %s; what came before is"
                            .formatted(String.join(", ", ended)));
        }
        if (refused != null && frames + annotations == 0) {
            throw new InvalidInputException(
                    ("none of the records is a frame or an annotation, and record %d of partition"
                         + " %d of topic '%s' is not because %s; --registry reads those in"
                         + " Confluent's wire format, --as those that a pipeline reads")
                            .formatted(
                                    refused.position(),
                                    refused.partition(),
                                    refused.origin(),
                                    refused.reason()));
        }
    }

    /** To be called when nothing more is to be told of it. */
    @Override
    public void close() {
        reader.close();
    }
}
