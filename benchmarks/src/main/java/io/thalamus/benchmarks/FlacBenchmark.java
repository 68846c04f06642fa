/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.connectors.Received;
import io.thalamus.connectors.recording.FlacFormat;
import io.thalamus.connectors.recording.RecordingOptions;
import io.thalamus.connectors.recording.RecordingReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
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
 * Reading a minute of stereo from a FLAC file into frames: samples of both channels. The file is
 * written by the program {@code flac}, which has to be installed.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FlacBenchmark {
    private static final int RATE = 44_100;
    private static final int LENGTH = 60 * RATE;
    private static final int HARMONICS = 12;

    @Param({"16", "24"})
    public int bits;

    @Param({"0", "5", "8"})
    public int compression;

    private Path file;
    private final FlacFormat format = new FlacFormat(RecordingOptions.defaults());

    @Setup
    public void prepare() throws IOException, InterruptedException {
        file = Files.createTempFile("benchmark", ".flac");
        Process encoder =
                new ProcessBuilder(
                                "flac",
                                "-s",
                                "-f",
                                "-" + compression,
                                "--force-raw-format",
                                "--endian=little",
                                "--sign=signed",
                                "--channels=2",
                                "--sample-rate=" + RATE,
                                "--bps=" + bits,
                                "-o",
                                file.toString(),
                                "-")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (OutputStream samples = encoder.getOutputStream()) {
            samples.write(samples());
        }
        if (encoder.waitFor() != 0) {
            throw new IllegalStateException("flac has failed");
        }
    }

    /** Decaying tones of a few harmonics over noise, differently loud left and right. */
    private byte[] samples() {
        SplittableRandom random = new SplittableRandom(1);
        byte[] samples = new byte[LENGTH * 2 * bits / 8];
        int at = 0;
        for (int i = 0; i < LENGTH; i++) {
            int note = i / (RATE / 4);
            double hertz = 110 * Math.pow(2, note * 7 % 24 / 12.0);
            double loudness = Math.exp(-3.0 * (i % (RATE / 4)) / RATE);
            double tone = 0;
            for (int harmonic = 1; harmonic <= HARMONICS; harmonic++) {
                tone += Math.sin(2 * Math.PI * harmonic * hertz * i / RATE) / (harmonic + 1);
            }
            for (double side : new double[] {0.3, 0.2}) {
                double value = side * loudness * tone + 0.002 * random.nextGaussian();
                long sample = Math.round(value * (1L << bits - 1));
                for (int b = 0; b < bits; b += 8) {
                    samples[at++] = (byte) (sample >> b);
                }
            }
        }
        return samples;
    }

    @Benchmark
    @OperationsPerInvocation(2 * LENGTH)
    public long read() throws IOException {
        long values = 0;
        try (RecordingReader reader =
                format.open(new org.apache.flink.core.fs.Path(file.toUri()), "s", new byte[0])) {
            for (Received next = reader.next(); next != null; next = reader.next()) {
                values += next.frame().samples().length;
            }
        }
        return values;
    }

    @TearDown
    public void delete() throws IOException {
        Files.delete(file);
    }
}
