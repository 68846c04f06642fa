/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.connectors.Received;
import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.operators.inference.FastWeightsFile;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.reader.TextLineInputFormat;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/**
 * Ten thousand streams through a pipeline in one process: its memory as it goes on, and the size of
 * a checkpoint, which is the state of all streams. Without arguments it is the forecast pipeline:
 * each stream brings frames of a day in turn, and is forecast from every fourth day on. Arguments:
 * a bundle, a preset of {@code adaptation}, a state backend of Flink's and, if wanted, how many
 * streams; then each stream brings a window of the bundle's network in turn, and learns from it.
 *
 * <p>Streams that learn are no beginners: one stream alone has {@value #PAST} windows first, far
 * from what the network was trained with, so that a gate opens and it learns, and all begin with
 * what it knows then. It fails unless each of them has made an update of its own at the end, and
 * has as many snapshots as it began with.
 */
public final class ManyStreams {
    private static final int STREAMS = 10_000;
    private static final int DAY = 24;
    private static final int FRAMES = 24;

    /**
     * After so many windows the gate of {@code nhl} has been open for long enough for two
     * snapshots, if there is anything to keep; {@value #FRAMES} later all but one of a batch wait.
     */
    private static final int PAST = 407;

    /** Between two looks there is a checkpoint or two. */
    private static final int CHECKPOINTS_A_LOOK = 2;

    private static final Duration OFTEN = Duration.ofSeconds(5);
    private static final Duration SELDOM = Duration.ofSeconds(30);

    /** Frames that are still to be given; the source runs in this process. */
    private static final AtomicReference<CountDownLatch> LEFT = new AtomicReference<>();

    private static final double MEGABYTE = 1 << 20;
    private static final SampleRate HOURLY = new SampleRate(1, 3600);

    private final PipelineSpec spec;
    private final ModelSignature signature;
    private final String backend;
    private final int streams;
    private final int rounds;
    private final int frame;
    private final Signal signal;
    private final Duration checkpoints;

    /**
     * @param rounds frames that each stream brings
     * @param frame samples that it brings at a time
     * @param checkpoints the time from one to the next
     */
    private ManyStreams(
            PipelineSpec spec,
            String backend,
            int streams,
            int rounds,
            int frame,
            Signal signal,
            Duration checkpoints) {
        this.spec = spec;
        this.signature = spec.model().orElseThrow().signature();
        this.backend = backend;
        this.streams = streams;
        this.rounds = rounds;
        this.frame = frame;
        this.signal = signal;
        this.checkpoints = checkpoints;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("thalamus-streams-");
        try {
            if (arguments.length == 0) {
                forecasts(folder).run(folder.resolve("forecasts"));
            } else {
                learn(folder, arguments);
            }
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
                                "sink.path=" + folder.resolve("results"),
                                "dead-letters.path=" + folder.resolve("dead-letters")));
        return new ManyStreams(spec, "hashmap", STREAMS, FRAMES, DAY, ManyStreams::daily, OFTEN);
    }

    private static void learn(Path folder, String[] arguments) throws Exception {
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
        String backend = arguments[2];
        int streams = arguments.length > 3 ? Integer.parseInt(arguments[3]) : STREAMS;

        System.out.println("One stream alone:");
        PipelineSpec beginning = PipelineSpec.load(file, List.of());
        String past =
                new ManyStreams(beginning, "hashmap", 1, PAST, length, ManyStreams::sweeps, SELDOM)
                        .run(folder.resolve("one"));
        Path initial = Files.createDirectory(folder.resolve("initial"));
        Learned known = Learned.write(past, initial);
        System.out.println(known);
        for (int stream = 1; stream < streams; stream++) {
            Files.createLink(
                    FastWeightsFile.of(initial, name(stream)),
                    FastWeightsFile.of(initial, name(0)));
        }

        System.out.printf("%nAll of them, which begin with what it knows:%n");
        PipelineSpec going = PipelineSpec.load(file, List.of("adaptation.initial=" + initial));
        String end =
                new ManyStreams(
                                going,
                                backend,
                                streams,
                                FRAMES,
                                length,
                                ManyStreams::sweeps,
                                SELDOM)
                        .run(folder.resolve("all"));
        Learned learned = Learned.read(end, backend);
        System.out.println(learned);
        if (learned.streams() != streams
                || learned.leastUpdates() <= known.leastUpdates()
                || learned.leastSnapshots() < known.leastSnapshots()) {
            throw new IllegalStateException(
                    "not every stream has learned: %s, of %d, which began at %s"
                            .formatted(learned, streams, known));
        }
    }

    /**
     * Runs until all streams have brought what they bring.
     *
     * @param folder for checkpoints and the savepoint
     * @return where the savepoint is that the job ended with
     */
    private String run(Path folder) throws Exception {
        Path kept = folder.resolve("checkpoints");
        Path nothing = Files.createDirectories(folder.resolve("nothing"));
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, kept.toUri().toString());
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, checkpoints);
        configuration.set(StateBackendOptions.STATE_BACKEND, backend);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        PipelineBuilder.build(
                environment, spec, frames(environment).union(never(environment, nothing)));
        System.out.println(
                "| seconds | frames | heap in use, MB | process, MB | checkpoint, bytes a stream"
                        + " |");
        System.out.println("| --- | --- | --- | --- | --- |");
        long all = (long) streams * rounds;
        Duration look = checkpoints.multipliedBy(CHECKPOINTS_A_LOOK);
        CountDownLatch left = new CountDownLatch(Math.toIntExact(all));
        LEFT.set(left);
        long start = System.nanoTime();
        JobClient job = environment.executeAsync("many-streams");
        while (!left.await(look.toSeconds(), TimeUnit.SECONDS)) {
            requireRunning(job);
            look(start, all - left.getCount(), kept);
        }
        double seconds = Rounds.secondsSince(start);
        look(start, all, kept);
        double stopping = Rounds.secondsSince(start);
        String savepoint =
                job.stopWithSavepoint(
                                /* advanceToEndOfEventTime= */ false,
                                folder.resolve("savepoints").toUri().toString(),
                                SavepointFormatType.NATIVE)
                        .get();
        System.out.printf(
                Locale.ROOT,
                "%n%,d streams, %,d frames, %.0f s, %.0f a second; savepoint in %.0f s, %,d bytes"
                        + " a stream%n",
                streams,
                all,
                seconds,
                all / seconds,
                Rounds.secondsSince(start) - stopping,
                size(Path.of(URI.create(savepoint))) / streams);
        return savepoint;
    }

    /** Fails as the job has, if it has. */
    private static void requireRunning(JobClient job) throws Exception {
        if (job.getJobExecutionResult().isDone()) {
            job.getJobExecutionResult().get();
            throw new IllegalStateException("the job has ended by itself");
        }
    }

    /** Keeps the job from ending by itself. */
    private static DataStream<Received> never(StreamExecutionEnvironment environment, Path empty) {
        FileSource<String> source =
                FileSource.forRecordStreamFormat(
                                new TextLineInputFormat(),
                                org.apache.flink.core.fs.Path.fromLocalFile(empty.toFile()))
                        .monitorContinuously(SELDOM)
                        .build();
        return environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "silent")
                .uid("silent")
                .map(line -> Received.frame(null))
                .returns(TypeInformation.of(Received.class))
                .name("never")
                .uid("never");
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
        Signal values = signal;
        return environment
                .fromSequence(0, (long) count * rounds - 1)
                .uid("numbers")
                .map(
                        number -> {
                            LEFT.get().countDown();
                            return Received.frame(
                                    frame(
                                            number % count,
                                            number / count,
                                            length,
                                            channels,
                                            rate,
                                            values));
                        })
                .returns(TypeInformation.of(Received.class))
                .name("source")
                .uid("source");
    }

    private static SignalFrame frame(
            long stream,
            long number,
            int length,
            List<String> channels,
            SampleRate rate,
            Signal signal) {
        float[] samples = new float[channels.size() * length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) signal.at(stream, number, i / length, i % length);
        }
        long first = number * length;
        return new SignalFrame(
                name(stream), first, 0, rate.nanosOf(first), rate, channels, samples, 0);
    }

    /** What streams bring. */
    @FunctionalInterface
    private interface Signal extends Serializable {
        /** Of the sample of a frame. */
        double at(long stream, long frame, int channel, int sample);
    }

    private static double daily(long stream, long frame, int channel, int sample) {
        return 5 * Math.sin(2 * Math.PI * (frame * DAY + sample + stream) / DAY) + channel;
    }

    /**
     * Waves that run over the bands, each window's with a speed and a slope of its own: as loud as
     * speech in logarithms of its power, but like none. A network for spoken digits gives seven
     * classes for them; of one class for all, the guard against collapse would make each stream
     * begin anew before its gate opens.
     */
    private static double sweeps(long stream, long frame, int channel, int sample) {
        long n = frame + 13 * stream;
        double slope = n * 5 % 11 / 5.0;
        double phase = (1 + n % 7) * sample / 61.0 + slope * channel / 8 + 0.618 * n;
        return -10 + 10 * Math.sin(2 * Math.PI * phase);
    }

    private static String name(long stream) {
        return "stream-" + stream;
    }

    private void look(long start, long given, Path kept) throws IOException {
        System.gc();
        double heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEGABYTE;
        System.out.printf(
                Locale.ROOT,
                "| %.0f | %,d | %.0f | %.0f | %s |%n",
                Rounds.secondsSince(start),
                given,
                heap,
                Memory.resident(),
                lastCheckpoint(kept).map(bytes -> "%,d".formatted(bytes / streams)).orElse(""));
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
