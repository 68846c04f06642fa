/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.signal.FrameSlicer;
import io.thalamus.operators.signal.Padding;
import io.thalamus.operators.signal.SlicerState;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class ImputationStepTest {
    private static final long FROM = 5;

    /** What comes to one of the inputs. */
    private record Arrival(boolean isFrame, SignalFrame record) {}

    /** A stream of segments, cut to frames, and what a model makes of its windows. */
    private record Traffic(List<SignalFrame> frames, List<SignalFrame> windows) {

        /**
         * @param lengths samples of each segment; between two, five are lost
         * @param cut samples of a frame
         */
        static Traffic of(TestStream stream, List<Integer> lengths, int cut, FrameSlicer slicer) {
            List<SignalFrame> frames = new ArrayList<>();
            List<SignalFrame> windows = new ArrayList<>();
            long from = FROM;
            for (int segment = 0; segment < lengths.size(); segment++) {
                int number = segment;
                List<SignalFrame> cutFrames =
                        stream.frames(from, from + lengths.get(segment), cut).stream()
                                .map(frame -> frame.withSegment(number))
                                .toList();
                SlicerState state = SlicerState.before(cutFrames.get(0));
                List<SignalFrame> whole = new ArrayList<>();
                for (SignalFrame frame : cutFrames) {
                    state = slicer.slice(frame, state, whole::add);
                }
                slicer.finish(stream.id(), state, whole::add);
                whole.forEach(window -> windows.add(guessed(window)));
                frames.addAll(cutFrames);
                from += lengths.get(segment) + 5;
            }
            return new Traffic(frames, windows);
        }

        /** No two windows guess the same; where a value was measured, it is not asked for. */
        private static SignalFrame guessed(SignalFrame window) {
            float[] samples = window.samples().clone();
            for (int i = 0; i < samples.length; i++) {
                samples[i] = Float.isNaN(samples[i]) ? guess(window, i) : 1e6f;
            }
            return window.withSamples(samples, Quality.FILLED.bit());
        }

        static float guess(SignalFrame window, int index) {
            return 100 + window.sequence() % 7 + index * 0.25f;
        }
    }

    /**
     * Every sample once, measured ones to the bit, missing ones as the weighted mean of the windows
     * that have them; whichever input is ahead, however frames are cut, with a restore on the way.
     */
    @Property(tries = 400)
    void fillsWhatIsMissingAndNothingElse(
            @ForAll @IntRange(min = 1, max = 12) int length,
            @ForAll @IntRange(min = 1, max = 12) int hop,
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 50) Integer> segments,
            @ForAll @IntRange(min = 1, max = 20) int cut,
            @ForAll Padding padding,
            @ForAll @IntRange(max = 80) int restoreBefore,
            @ForAll long seed)
            throws Exception {
        int step = Math.min(hop, length);
        FrameSlicer slicer = new FrameSlicer(length, step, padding);
        TestStream s = TestStream.of("s").withMissing(0.2);
        TestStream t = TestStream.of("t").withMissing(0.02);
        Traffic first = Traffic.of(s, segments, cut, slicer);
        Traffic second = Traffic.of(t, segments, cut + 1, slicer);
        List<Arrival> arrivals = mix(List.of(first, second), new Random(seed));

        List<SignalFrame> out = run(arrivals, restoreBefore, slicing(length, step, padding));

        for (Traffic traffic : List.of(first, second)) {
            String id = traffic.frames().get(0).streamId();
            List<SignalFrame> given =
                    out.stream().filter(frame -> frame.streamId().equals(id)).toList();
            assertThat(given).hasSameSizeAs(traffic.frames());
            for (int i = 0; i < given.size(); i++) {
                check(traffic.frames().get(i), given.get(i), traffic, slicer);
            }
        }
    }

    private static void check(
            SignalFrame came, SignalFrame given, Traffic traffic, FrameSlicer slicer) {
        assertThat(given.withSamples(came.samples(), came.quality())).isEqualTo(came);
        boolean filled = false;
        for (int i = 0; i < came.samples().length; i++) {
            float value = came.samples()[i];
            double expected = value;
            if (Float.isNaN(value)) {
                expected = definition(came, i % came.length(), i / came.length(), traffic, slicer);
                filled |= !Double.isNaN(expected);
                assertThat((double) given.samples()[i]).isCloseTo(expected, within(1e-4));
            } else {
                assertThat(Float.floatToRawIntBits(given.samples()[i]))
                        .isEqualTo(Float.floatToRawIntBits(value));
            }
        }
        int known = came.quality() & ~Quality.MISSING.bit();
        int flags = filled ? known | Quality.FILLED.bit() : known;
        assertThat(given.quality()).isEqualTo(Quality.of(given.samples(), flags));
    }

    /** NaN if no window has the sample. */
    private static double definition(
            SignalFrame frame, int index, int channel, Traffic traffic, FrameSlicer slicer) {
        double[] taper = StandardTaper.HANN.periodic(slicer.length());
        long sample = frame.sequence() + index;
        double sum = 0;
        double weights = 0;
        double plain = 0;
        int count = 0;
        long given = Long.MIN_VALUE;
        List<SignalFrame> windows =
                traffic.windows().stream()
                        .filter(window -> window.segment() == frame.segment())
                        .toList();
        for (SignalFrame window : windows) {
            long at = sample - window.sequence();
            // A window that was moved back is too late for what had been given.
            boolean isLate = sample < given;
            if (at >= 0 && at < window.length() && !isLate) {
                double guess = window.sample(channel, (int) at);
                sum += taper[(int) at] * guess;
                weights += taper[(int) at];
                plain += guess;
                count++;
            }
            given = window.sequence() + slicer.hop();
        }
        return weights > 0 ? sum / weights : plain / count;
    }

    /** A random merge of all inputs, each in its order: windows may be ahead of their samples. */
    private static List<Arrival> mix(List<Traffic> streams, Random random) {
        List<List<SignalFrame>> inputs = new ArrayList<>();
        streams.forEach(traffic -> inputs.addAll(List.of(traffic.frames(), traffic.windows())));
        List<Integer> turns = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            turns.addAll(Collections.nCopies(inputs.get(i).size(), i));
        }
        Collections.shuffle(turns, random);
        int[] next = new int[inputs.size()];
        List<Arrival> mixed = new ArrayList<>();
        turns.forEach(
                input ->
                        mixed.add(
                                new Arrival(input % 2 == 0, inputs.get(input).get(next[input]++))));
        return mixed;
    }

    private static Slicing slicing(int length, int hop, Padding padding) {
        return new Slicing(Span.ofSamples(length), Span.ofSamples(hop), padding);
    }

    private static List<SignalFrame> run(List<Arrival> arrivals, int restoreBefore, Slicing slicing)
            throws Exception {
        int split = Math.min(restoreBefore, arrivals.size());
        List<SignalFrame> out = new ArrayList<>();
        OperatorSubtaskState state;
        try (Step step = new Step(slicing, null)) {
            step.send(arrivals.subList(0, split));
            state = step.snapshot();
            out.addAll(step.output());
        }
        try (Step step = new Step(slicing, state)) {
            step.send(arrivals.subList(split, arrivals.size()));
            step.end();
            out.addAll(step.output());
        }
        return out;
    }

    @Test
    void aFrameWithoutHolesDoesNotWait() throws Exception {
        TestStream stream = TestStream.of("s");
        try (Step step = new Step(slicing(8, 4, Padding.SHIFT), null)) {
            step.frames(stream.frame(0, 3));
            assertThat(step.output()).containsExactly(stream.frame(0, 3));
            step.frames(holed(stream.frame(4, 2)), stream.frame(6, 10));
            assertThat(step.output()).hasSize(1);
            // The next window has the missing value too.
            step.windows(filled(stream.frame(0, 8)));
            assertThat(step.output()).hasSize(1);
            step.windows(filled(stream.frame(4, 8)));
            assertThat(step.output()).hasSize(3);
            assertThat(step.output().get(1).sample(0, 0)).isEqualTo(7);
            assertThat(step.output().get(1).quality()).isEqualTo(Quality.FILLED.bit());
        }
    }

    @Test
    void framesAreStampedWithTheirStart() throws Exception {
        SignalFrame before = TestStream.of("s").startingAt(-1_500_000_001L).frame(0, 3);
        try (Step step = new Step(slicing(8, 4, Padding.SHIFT), null)) {
            step.frames(before);
            assertThat(step.harness.getRecordOutput())
                    .containsExactly(new StreamRecord<>(before, -1501));
        }
    }

    /** Segments that are shorter than a window wait for nothing but their end. */
    @Test
    void whatNoWindowHasPassesUnfilled() throws Exception {
        TestStream stream = TestStream.of("s");
        try (Step step = new Step(slicing(8, 4, Padding.SHIFT), null)) {
            for (int segment = 0; segment < 50; segment++) {
                step.frames(holed(stream.frame(10L * segment, 7)).withSegment(segment));
                assertThat(step.output()).hasSize(segment);
            }
            step.end();
            assertThat(step.output())
                    .hasSize(50)
                    .allSatisfy(
                            frame -> assertThat(frame.quality()).isEqualTo(Quality.MISSING.bit()));
        }
    }

    /** Windows of other channels are the model step's dead letters; nothing is waited for. */
    @Test
    void whatTheModelDoesNotTakePassesUnfilled() throws Exception {
        TestStream other = TestStream.of("s").withChannels(3);
        try (Step step = new Step(slicing(8, 4, Padding.SHIFT), null)) {
            step.frames(holed(other.frame(0, 20)));
            assertThat(step.output()).containsExactly(holed(other.frame(0, 20)));
        }
        Slicing seconds =
                new Slicing(Span.of(Duration.ofMillis(500)), Span.ofSamples(1), Padding.SHIFT);
        SignalFrame frame = holed(TestStream.of("s").frame(0, 20));
        try (Step step = new Step(seconds, null)) {
            step.frames(frame);
            assertThat(step.output()).containsExactly(frame);
        }
    }

    @Test
    void refusesAWindowOfOtherFrames() throws Exception {
        TestStream stream = TestStream.of("s");
        try (Step step = new Step(slicing(8, 4, Padding.SHIFT), null)) {
            step.frames(stream.frame(4, 20));
            assertThatThrownBy(() -> step.windows(stream.frame(0, 8)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is no window of the frames of its segment");
        }
    }

    /** However long a stream is, nothing stays of what has been handed on. */
    @Test
    void keepsNoMoreThanWindowsCanBring() throws Exception {
        TestStream stream = TestStream.of("s").withMissing(0.1);
        try (Step step = new Step(slicing(8, 4, Padding.SHIFT), null)) {
            long early = 0;
            for (int k = 0; k < 500; k++) {
                step.frames(stream.frame(4L * k, 4));
                if (k > 0) {
                    step.windows(filled(stream.frame(4L * (k - 1), 8)));
                }
                early = k == 20 ? step.snapshot().getStateSize() : early;
            }
            // How many frames wait depends on where values are missing.
            assertThat(step.snapshot().getStateSize()).isLessThan(2 * early);
        }
    }

    private static SignalFrame holed(SignalFrame frame) {
        float[] samples = frame.samples().clone();
        samples[0] = Float.NaN;
        return frame.withSamples(samples, Quality.MISSING.bit());
    }

    private static SignalFrame filled(SignalFrame window) {
        float[] samples = new float[window.samples().length];
        Arrays.fill(samples, 7);
        return window.withSamples(samples, Quality.FILLED.bit());
    }

    /** The operator in Flink's harness. */
    private static final class Step implements AutoCloseable {
        private final KeyedTwoInputStreamOperatorTestHarness<
                        String, SignalFrame, SignalFrame, SignalFrame>
                harness;

        Step(Slicing slicing, OperatorSubtaskState state) throws Exception {
            int length = slicing.length() instanceof Span.Samples samples ? samples.count() : 1;
            ModelSignature signature =
                    new ModelSignature(
                            "m", 2, List.of(), length, 0, true, false, SignalFrame.class);
            harness =
                    new KeyedTwoInputStreamOperatorTestHarness<>(
                            new ImputationStep(slicing, signature, StandardTaper.HANN),
                            SignalFrame::streamId,
                            SignalFrame::streamId,
                            Types.STRING);
            if (state != null) {
                harness.initializeState(state);
            }
            harness.open();
        }

        void frames(SignalFrame... frames) throws Exception {
            for (SignalFrame frame : frames) {
                harness.processElement1(new StreamRecord<>(frame));
            }
        }

        void windows(SignalFrame... windows) throws Exception {
            for (SignalFrame window : windows) {
                harness.processElement2(new StreamRecord<>(window));
            }
        }

        void send(List<Arrival> arrivals) throws Exception {
            for (Arrival arrival : arrivals) {
                if (arrival.isFrame()) {
                    frames(arrival.record());
                } else {
                    windows(arrival.record());
                }
            }
        }

        void end() throws Exception {
            harness.endInput1();
            harness.endInput2();
        }

        OperatorSubtaskState snapshot() throws Exception {
            return harness.snapshot(1, 1);
        }

        List<SignalFrame> output() {
            return harness.extractOutputValues();
        }

        @Override
        public void close() {
            try {
                harness.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
