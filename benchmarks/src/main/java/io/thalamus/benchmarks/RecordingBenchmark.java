/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.connectors.Received;
import io.thalamus.connectors.recording.DetectedFormat;
import io.thalamus.connectors.recording.RecordingOptions;
import io.thalamus.connectors.recording.RecordingReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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
                    case "wav-16" -> wav(1, channels, 16);
                    case "wav-24" -> wav(1, channels, 24);
                    case "wav-32" -> wav(1, channels, 32);
                    case "wav-float" -> wav(3, channels, 32);
                    default -> biosignal(kind.equals("edf") ? 2 : 3, channels);
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

    private static byte[] wav(int tag, int channels, int bits) {
        int block = channels * bits / 8;
        return ByteBuffer.allocate(44)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(36 + MEGABYTES * 1_000_000)
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) tag)
                .putShort((short) channels)
                .putInt(44100)
                .putInt(44100 * block)
                .putShort((short) block)
                .putShort((short) bits)
                .put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt(MEGABYTES * 1_000_000)
                .array();
    }

    /** A header of signals of 512 Hz in data records of a second. */
    private static byte[] biosignal(int sampleBytes, int signals) {
        StringBuilder text = new StringBuilder();
        text.append(sampleBytes == 2 ? "0       " : "\u00ffBIOSEMI");
        text.append(" ".repeat(160)).append("01.01.2400.00.00");
        text.append("%-8d%-44s%-8d%-8d%-4d".formatted(256 * (signals + 1), "", -1, 1, signals));
        String extreme = sampleBytes == 2 ? "32768" : "8388608";
        String[] fields = {"%-16d", "%-80s", "uV      ", "-3000   ", "3000    "};
        for (String field : fields) {
            for (int i = 0; i < signals; i++) {
                text.append(field.formatted(i));
            }
        }
        text.append("%-8s".formatted("-" + extreme).repeat(signals));
        text.append("%-8s".formatted(extreme).repeat(signals)).append(" ".repeat(80 * signals));
        text.append("512     ".repeat(signals)).append(" ".repeat(32 * signals));
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
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
