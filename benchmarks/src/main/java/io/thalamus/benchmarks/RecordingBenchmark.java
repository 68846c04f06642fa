/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.connectors.Received;
import io.thalamus.connectors.recording.DetectedFormat;
import io.thalamus.connectors.recording.RecordingOptions;
import io.thalamus.connectors.recording.RecordingReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
 * How fast recordings are read, from the system's file cache into frames, as the source reads them:
 * with the position before each record. An operation is a megabyte of the file.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RecordingBenchmark {
    private static final int MEGABYTES = 128;
    private static final int BYTES = MEGABYTES * 1_000_000;

    /** The kind of file, and its channels. */
    @Param({"wav-16 1", "wav-16 2", "wav-24 2", "wav-32 8", "wav-float 2", "edf 64", "bdf 64"})
    public String file;

    @Param({"256"})
    public int frameLength;

    private Path path;
    private DetectedFormat format;

    @Setup
    public void write() throws IOException {
        path = Files.createTempFile("benchmark", ".bin");
        format = DetectedFormat.of(RecordingOptions.defaults().withFrameLength(frameLength));
        String kind = file.split(" ")[0];
        int channels = Integer.parseInt(file.split(" ")[1]);
        byte[] header =
                switch (kind) {
                    case "wav-16" -> FileHeaders.wav(1, channels, 16, 44_100, BYTES);
                    case "wav-24" -> FileHeaders.wav(1, channels, 24, 44_100, BYTES);
                    case "wav-32" -> FileHeaders.wav(1, channels, 32, 44_100, BYTES);
                    case "wav-float" -> FileHeaders.wav(3, channels, 32, 44_100, BYTES);
                    default -> FileHeaders.biosignal(kind.equals("edf") ? 2 : 3, channels, 512);
                };
        byte[] noise = new byte[1_000_000];
        new Random(1).nextBytes(noise);
        if (kind.equals("wav-float")) {
            for (int i = 3; i < noise.length; i += 4) {
                noise[i] = 0x3e; // no exponent that would make it something else than a number
            }
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
            out.write(header);
            for (int i = 0; i < MEGABYTES; i++) {
                out.write(noise);
            }
        }
    }

    @TearDown
    public void delete() throws IOException {
        Files.delete(path);
    }

    @Benchmark
    @OperationsPerInvocation(MEGABYTES)
    public long read() throws IOException {
        long bytes = 0;
        try (RecordingReader reader =
                format.open(new org.apache.flink.core.fs.Path(path.toUri()), "s", new byte[0])) {
            for (Received next = reader.next(); next != null; next = reader.next()) {
                bytes += reader.position().length;
            }
        }
        return bytes;
    }
}
