/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.signal.Padding;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.stream.ModelHarness.Setup;
import io.thalamus.operators.testing.LookAhead;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.util.FileUtils;

/**
 * Windows and a model that goes through its segments without a break: as many samples come out as
 * went in, with the same numbers and times, and each is what it is in the whole segment, to the
 * bit.
 */
class TrimmedWindowsTest {
    private static final TestStream STREAM = TestStream.of("s").withChannels(1);
    private static final long FROM = 5;

    private static Path bundle;

    @BeforeContainer
    static void writeBundle() throws IOException {
        bundle = LookAhead.writeBundle(Files.createTempDirectory("look-ahead-").resolve("bundle"));
    }

    @AfterContainer
    static void deleteBundle() throws IOException {
        FileUtils.deleteDirectory(bundle.getParent().toFile());
    }

    @Property(tries = 60)
    void everySegmentComesOutWhole(
            @ForAll @IntRange(min = 1, max = 32) int block,
            @ForAll @IntRange(min = 1, max = 8) int batch,
            @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 1, max = 150) Integer> segments,
            @ForAll @IntRange(min = 1, max = 40) int cut,
            @ForAll @IntRange(min = 0, max = 30) int stored)
            throws Exception {
        List<SignalFrame> input = new ArrayList<>();
        long at = FROM;
        for (int i = 0; i < segments.size(); i++) {
            int segment = i;
            STREAM.frames(at, at + segments.get(i), cut)
                    .forEach(frame -> input.add(frame.withSegment(segment)));
            at += segments.get(i) + 17;
        }
        List<SignalFrame> output = run(input, block, batch, Math.min(stored, input.size()));

        int next = 0;
        for (int segment = 0; segment < segments.size(); segment++) {
            int length = segments.get(segment);
            SignalFrame first = first(input, segment);
            float[] expected = LookAhead.of(samples(input, segment, length));
            float[] got = samples(output, segment, length);
            assertThat(got).isEqualTo(expected);
            long sequence = first.sequence();
            while (next < output.size() && output.get(next).segment() == segment) {
                SignalFrame frame = output.get(next++);
                assertThat(frame.sequence()).isEqualTo(sequence);
                assertThat(frame.quality()).isZero();
                assertThat(frame.startNanos())
                        .isEqualTo(
                                first.startNanos()
                                        + frame.rate().nanosOf(sequence - first.sequence()));
                sequence = frame.nextSequence();
            }
            assertThat(sequence).isEqualTo(first.sequence() + length);
        }
        assertThat(next).isEqualTo(output.size());
    }

    /** Runs frames through both steps, which are stored and restored before one of them. */
    private static List<SignalFrame> run(
            List<SignalFrame> input, int block, int batch, int storedBefore) throws Exception {
        Slicing slicing =
                new Slicing(
                        Span.ofSamples(LookAhead.windowLength(block)),
                        Span.ofSamples(2 * block),
                        Padding.TRIM);
        List<SignalFrame> windows =
                StepHarness.run(
                        input,
                        storedBefore,
                        new SlicingFunction("window", slicing),
                        new SlicingFunction("window", slicing));
        Setup setup =
                new Setup(bundle, slicing, AdaptationSettings.FROZEN, batch, Duration.ofDays(1));
        int half = windows.size() / 2;
        List<SignalFrame> output = new ArrayList<>();
        OperatorSubtaskState state;
        try (ModelHarness<SignalFrame> harness = ModelHarness.of(setup, SignalFrame.class)) {
            harness.send(windows.subList(0, half));
            state = harness.checkpoint();
            output.addAll(harness.results());
        }
        try (ModelHarness<SignalFrame> harness =
                ModelHarness.restored(setup, SignalFrame.class, state)) {
            harness.send(windows.subList(half, windows.size()));
            harness.end();
            assertThat(harness.deadLetters()).isEmpty();
            output.addAll(harness.results());
        }
        return output;
    }

    private static SignalFrame first(List<SignalFrame> frames, int segment) {
        return frames.stream()
                .filter(frame -> frame.segment() == segment)
                .findFirst()
                .orElseThrow();
    }

    private static float[] samples(List<SignalFrame> frames, int segment, int length) {
        float[] samples = new float[length];
        int at = 0;
        for (SignalFrame frame : frames) {
            if (frame.segment() == segment) {
                System.arraycopy(frame.samples(), 0, samples, at, frame.length());
                at += frame.length();
            }
        }
        return samples;
    }
}
