/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.connectors.Received;
import io.thalamus.connectors.recording.DetectedFormat;
import io.thalamus.connectors.recording.Pacing;
import io.thalamus.connectors.recording.RecordedSource;
import io.thalamus.connectors.recording.RecordingOptions;
import io.thalamus.schemas.SignalFrame;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * How well a replay in real time keeps pace: for each frame, how much later it leaves the source
 * than it should, on the embedded Flink. A frame is due when its last sample was taken; the frame
 * that comes soonest after that sets the clock, as a delay that all frames have is none. No frame
 * can be early. The first row is a thread that does nothing but wait for the same moments: what the
 * machine itself is late.
 *
 * <p>Argument: the seconds to play; 60 if there is none.
 */
public final class ReplayPace {
    private static final int FRAMES_PER_SECOND = 100;

    private ReplayPace() {}

    public static void main(String[] arguments) throws Exception {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 60;
        System.out.println("| recording | frames | p50 | p99 | most |");
        System.out.println("| --- | --- | --- | --- | --- |");
        waitOnly(seconds);
        int speech = 16_000;
        measure(
                "WAV, 16 kHz, 1 channel",
                FileHeaders.wav(1, 1, 16, speech, 2 * speech * seconds),
                2 * speech,
                speech,
                seconds);
        int seeg = 2000;
        int contacts = 64;
        measure(
                "EDF, 2 kHz, 64 channels",
                FileHeaders.biosignal(2, contacts, seeg),
                2 * seeg * contacts,
                seeg,
                seconds);
    }

    private static void waitOnly(int seconds) {
        long period = 1_000_000_000L / FRAMES_PER_SECOND;
        Lateness.start(FRAMES_PER_SECOND * seconds);
        long start = System.nanoTime();
        for (int frame = 1; frame <= FRAMES_PER_SECOND * seconds; frame++) {
            long due = start + frame * period;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            Lateness.note(frame * period);
        }
        System.out.println("| a thread that only waits | " + Lateness.summary() + " |");
    }

    private static void measure(
            String name, byte[] header, int bytesPerSecond, int rate, int seconds)
            throws Exception {
        Path file = Files.createTempFile("pace", ".rec");
        try {
            write(file, header, bytesPerSecond, seconds);
            Lateness.start(FRAMES_PER_SECOND * seconds);
            play(file, rate / FRAMES_PER_SECOND);
            System.out.println("| " + name + " | " + Lateness.summary() + " |");
        } finally {
            Files.delete(file);
        }
    }

    private static void write(Path file, byte[] header, int bytesPerSecond, int seconds)
            throws IOException {
        byte[] noise = new byte[bytesPerSecond];
        new Random(1).nextBytes(noise);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write(header);
            for (int i = 0; i < seconds; i++) {
                out.write(noise);
            }
        }
    }

    private static void play(Path file, int frameLength) throws Exception {
        RecordingOptions options = RecordingOptions.defaults().withFrameLength(frameLength);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1);
        environment
                .fromSource(
                        RecordedSource.of(file.toString(), DetectedFormat.of(options))
                                .withPacing(new Pacing(1)),
                        WatermarkStrategy.forMonotonousTimestamps(),
                        "source")
                .map(new Lateness())
                .returns(Received.class)
                .sinkTo(new DiscardingSink<>());
        environment.execute("pace");
    }

    /** Notes when each frame comes, in the source's own thread. */
    private static final class Lateness implements MapFunction<Received, Received> {
        private static final double NANOS_PER_MILLI = 1e6;

        private static long[] delays;
        private static int frames;
        private static long startNanos;

        static void start(int most) {
            delays = new long[most];
            frames = 0;
        }

        @Override
        public Received map(Received received) {
            SignalFrame frame = received.frame();
            startNanos = frames == 0 ? frame.startNanos() : startNanos;
            note(frame.endNanos() - startNanos);
            return received;
        }

        static void note(long dueNanos) {
            delays[frames++] = System.nanoTime() - dueNanos;
        }

        static String summary() {
            long[] sorted = Arrays.copyOf(delays, frames);
            Arrays.sort(sorted);
            return String.format(
                    Locale.ROOT,
                    "%,d | %.2f | %.2f | %.2f",
                    frames,
                    (sorted[frames / 2] - sorted[0]) / NANOS_PER_MILLI,
                    (sorted[frames * 99 / 100] - sorted[0]) / NANOS_PER_MILLI,
                    (sorted[frames - 1] - sorted[0]) / NANOS_PER_MILLI);
        }
    }
}
