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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Topics that are written to recordings. While it is open, a request to end the process (Ctrl-C)
 * ends the reading first, and files are finished.
 */
final class TopicRecording implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration FINISH = Duration.ofMinutes(10);

    private final String topic;
    private final TopicReader reader;
    private final Consumer<RecordSummary> progress;
    private final Consumer<String> complaints;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean stopped;

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
     * Records until the process is asked to stop, or one of the two ends comes.
     *
     * @param latest whether to end at what the topics held at the start
     * @param time when to end, or null
     */
    RecordSummary execute(
            String folder, WrittenFormat format, boolean overwrite, boolean latest, Duration time)
            throws IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        long start = System.nanoTime();
        long told = start;
        List<String> files;
        try (RecordingFolder out = RecordingFolder.open(folder, format, overwrite)) {
            try {
                while (!stopped
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

    /** Runs while the process ends; the main thread finishes the files and tells the summary. */
    void stop() {
        stopped = true;
        try {
            closed.await(FINISH.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** To be called when nothing more is to be told of it. */
    @Override
    public void close() {
        reader.close();
        closed.countDown();
    }
}
