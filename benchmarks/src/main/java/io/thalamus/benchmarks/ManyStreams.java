/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.connectors.Received;
import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/**
 * Ten thousand streams through a pipeline in one process: its memory as it goes on, and the size of
 * a checkpoint, which is the state of all streams. Without arguments it is the forecast pipeline:
 * each stream brings frames of a day in turn, and is forecast from every fourth day on. Arguments:
 * a bundle, a preset of {@code adaptation}, a state backend of Flink's and, if wanted, how many
 * streams; then each stream brings a window of the bundle's network in turn, and learns from it.
 */
public final class ManyStreams {
    private static final int STREAMS = 10_000;
    private static final int DAY = 24;
    private static final int FRAMES = 24;
    private static final Duration CHECKPOINTS = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final double MEGABYTE = 1 << 20;
    private static final SampleRate HOURLY = new SampleRate(1, 3600);

    private final PipelineSpec spec;
    private final ModelSignature signature;
    private final String backend;
    private final int streams;
    private final int frame;

    /**
     * @param frame samples that a stream brings at a time
     */
    private ManyStreams(PipelineSpec spec, String backend, int streams, int frame) {
        this.spec = spec;
        this.signature = spec.model().orElseThrow().signature();
        this.backend = backend;
        this.streams = streams;
        this.frame = frame;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("thalamus-streams-");
        try {
            (arguments.length == 0 ? forecasts(folder) : learners(folder, arguments)).run(folder);
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private static ManyStreams forecasts(Path folder) throws IOException {
        PipelineSpec spec =
                PipelineSpec.load(
                        Path.of("pipelines/forecast.yaml"),
                        List.of(
                                "window.hop=96",
                                "sink.path=" + folder.resolve("forecasts"),
                                "dead-letters.path=" + folder.resolve("dead-letters")));
        return new ManyStreams(spec, "hashmap", STREAMS, DAY);
    }

    private static ManyStreams learners(Path folder, String[] arguments) throws IOException {
        Path bundle = Path.of(arguments[0]).toAbsolutePath();
        ModelBundle opened = ModelBundle.open(bundle);
        int length =
                ModelFactories.forBundle(opened, ManyStreams.class.getClassLoader())
                        .signature(opened)
                        .windowLength();
        Path file =
                Files.writeString(
                        folder.resolve("learners.yaml"),
                        """
                        name: learners
                        source: {type: kafka, bootstrap: "unread:9092", topic: unread, group: none}
                        window: {hop: %d}
                        model: {bundle: %s, batch: {size: 32, delay: 50ms}}
                        adaptation: {preset: %s}
                        sink: {type: jsonl, path: results}
                        dead-letters: {type: jsonl, path: dead-letters}
                        """
                                .formatted(length, bundle, arguments[1]));
        PipelineSpec spec = PipelineSpec.load(file, List.of());
        int streams = arguments.length > 3 ? Integer.parseInt(arguments[3]) : STREAMS;
        return new ManyStreams(spec, arguments[2], streams, length);
    }

    private void run(Path folder) throws Exception {
        Path checkpoints = folder.resolve("checkpoints");
        Configuration configuration = new Configuration();
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINTS);
        configuration.set(StateBackendOptions.STATE_BACKEND, backend);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        PipelineBuilder.build(environment, spec, frames(environment));
        System.out.println(
                "| seconds | heap in use, MB | process, MB | checkpoint, bytes a stream |");
        System.out.println("| --- | --- | --- | --- |");
        long start = System.nanoTime();
        CompletableFuture<?> end = environment.executeAsync("many-streams").getJobExecutionResult();
        while (!isOver(end)) {
            look(start, checkpoints);
        }
        System.out.printf(
                Locale.ROOT,
                "%n%,d streams, %,d frames, %.0f s%n",
                streams,
                (long) streams * FRAMES,
                Rounds.secondsSince(start));
    }

    /** Waits for the end, but no longer than until the next look. */
    private static boolean isOver(CompletableFuture<?> end) throws Exception {
        try {
            end.get(LOOK.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private DataStream<Received> frames(StreamExecutionEnvironment environment) {
        List<String> names = signature.channelNames();
        List<String> channels =
                names.isEmpty()
                        ? IntStream.range(0, signature.channels())
                                .mapToObj("c%d"::formatted)
                                .toList()
                        : names;
        SampleRate rate = signature.rate() == null ? HOURLY : signature.rate();
        int count = streams;
        int length = frame;
        return environment
                .fromSequence(0, (long) count * FRAMES - 1)
                .uid("numbers")
                .map(number -> Received.frame(frame(number, count, length, channels, rate)))
                .returns(TypeInformation.of(Received.class))
                .name("source")
                .uid("source");
    }

    private static SignalFrame frame(
            long number, int streams, int length, List<String> channels, SampleRate rate) {
        long stream = number % streams;
        long first = number / streams * length;
        float[] samples = new float[channels.size() * length];
        for (int i = 0; i < samples.length; i++) {
            double time = first + i % length + stream;
            samples[i] = (float) (5 * Math.sin(2 * Math.PI * time / DAY) + i / length);
        }
        return new SignalFrame(
                "stream-" + stream, first, 0, rate.nanosOf(first), rate, channels, samples, 0);
    }

    private void look(long start, Path checkpoints) throws IOException {
        System.gc();
        double heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEGABYTE;
        System.out.printf(
                Locale.ROOT,
                "| %.0f | %.0f | %.0f | %s |%n",
                Rounds.secondsSince(start),
                heap,
                Memory.resident(),
                lastCheckpoint(checkpoints)
                        .map(bytes -> "%,d".formatted(bytes / streams))
                        .orElse(""));
    }

    /** The bytes of a checkpoint that is complete now; empty if none is. */
    private static Optional<Long> lastCheckpoint(Path checkpoints) throws IOException {
        if (!Files.isDirectory(checkpoints)) {
            return Optional.empty();
        }
        try (Stream<Path> found = Files.walk(checkpoints)) {
            return found.filter(file -> file.endsWith("_metadata"))
                    .max(Path::compareTo)
                    .map(file -> size(file.getParent()));
        } catch (UncheckedIOException e) {
            // Flink has removed an old one while it was looked at; the next look finds a newer.
            return Optional.empty();
        }
    }

    private static long size(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
