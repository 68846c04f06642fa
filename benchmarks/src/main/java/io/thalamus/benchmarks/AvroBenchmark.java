/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.connectors.Received;
import io.thalamus.connectors.recording.AvroFormat;
import io.thalamus.connectors.recording.RecordingFolder;
import io.thalamus.connectors.recording.RecordingOptions;
import io.thalamus.connectors.recording.RecordingReader;
import io.thalamus.connectors.recording.WrittenFormat;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.flink.util.FileUtils;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Writing frames of 256 samples to an Avro recording, and reading them: megabytes of float32
 * samples.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AvroBenchmark {
    private static final int MEGABYTES = 32;
    private static final int LENGTH = 256;

    /** What the samples are, and the channels. */
    @Param({"float 64", "audio 2"})
    public String signal;

    private List<SignalFrame> frames;
    private Path folder;
    private Path file;

    @Setup
    public void prepare() throws IOException {
        folder = Files.createTempDirectory("benchmark");
        boolean audio = signal.startsWith("audio");
        int channels = Integer.parseInt(signal.split(" ")[1]);
        SplittableRandom random = new SplittableRandom(1);
        List<String> names = IntStream.range(0, channels).mapToObj(i -> "channel " + i).toList();
        int count = MEGABYTES * 1_000_000 / (channels * LENGTH * Float.BYTES);
        SampleRate rate = SampleRate.ofHertz(2000);
        frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] samples = new float[channels * LENGTH];
            for (int j = 0; j < samples.length; j++) {
                float value = (float) (0.1 * random.nextGaussian());
                samples[j] = audio ? Math.round(value * 32768) / 32768f : value;
            }
            long sequence = (long) i * LENGTH;
            frames.add(
                    new SignalFrame(
                            "s", sequence, 0, rate.nanosOf(sequence), rate, names, samples, 0));
        }
        file = Path.of(writeAll());
    }

    private String writeAll() throws IOException {
        try (RecordingFolder out =
                RecordingFolder.open(folder.toString(), WrittenFormat.AVRO, true)) {
            for (SignalFrame frame : frames) {
                out.write(frame);
            }
            return out.finish().get(0);
        }
    }

    @TearDown
    public void delete() throws IOException {
        FileUtils.deleteDirectory(folder.toFile());
    }

    @Benchmark
    @OperationsPerInvocation(MEGABYTES)
    public String write() throws IOException {
        return writeAll();
    }

    @Benchmark
    @OperationsPerInvocation(MEGABYTES)
    public long read() throws IOException {
        long values = 0;
        try (RecordingReader reader =
                new AvroFormat(RecordingOptions.defaults())
                        .open(new org.apache.flink.core.fs.Path(file.toUri()), "s", new byte[0])) {
            for (Received next = reader.next(); next != null; next = reader.next()) {
                values += next.frame().samples().length + reader.position().length;
            }
        }
        return values;
    }
}
