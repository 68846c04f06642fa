/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OverlapAddTest {
    private static final TestStream STREAM = TestStream.of("s").withMissing(0.02);
    private static final long FROM = 7;

    enum Kind {
        HANN,
        SQUARE_ROOT_HANN,
        FLAT,
        FIRST_HOP,
        MIDDLE_HOP,
        LAST_HOP;

        boolean isExact() {
            return this == FIRST_HOP || this == MIDDLE_HOP || this == LAST_HOP;
        }

        OverlapAdd of(int length, int hop) {
            double[] taper = new double[length];
            for (int i = 0; i < length; i++) {
                double hann = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / length);
                taper[i] =
                        switch (this) {
                            case HANN -> hann;
                            case SQUARE_ROOT_HANN -> Math.sqrt(hann);
                            default -> 1;
                        };
            }
            // A taper of one sample is zero where it is Hann's.
            taper[length / 2] = 1;
            return switch (this) {
                case FIRST_HOP -> OverlapAdd.firstHop(length, hop);
                case MIDDLE_HOP -> OverlapAdd.middleHop(length, hop);
                case LAST_HOP -> OverlapAdd.lastHop(length, hop);
                default -> new OverlapAdd(hop, taper);
            };
        }
    }

    /** Slicing and joining is nothing done: to rounding with a taper, to the bit by hops. */
    @Property(tries = 500)
    void slicingAndJoiningGivesTheSignalBack(
            @ForAll @IntRange(min = 1, max = 24) int length,
            @ForAll @IntRange(min = 1, max = 24) int hop,
            @ForAll @IntRange(min = 24, max = 120) int samples,
            @ForAll @IntRange(min = 1, max = 50) int cut,
            @ForAll Kind kind) {
        int step = Math.min(hop, length);
        List<SignalFrame> segment = STREAM.frames(FROM, FROM + samples, cut);
        List<SignalFrame> joined = join(kind.of(length, step), windows(segment, length, step));

        int covered = (samples - length) / step * step + length;
        SignalFrame expected = STREAM.frame(FROM, covered);
        long at = FROM;
        for (SignalFrame frame : joined) {
            assertThat(frame.sequence()).isEqualTo(at);
            assertThat(frame.startNanos())
                    .isEqualTo(segment.get(0).startNanos() + STREAM.rate().nanosOf(at - FROM));
            for (int channel = 0; channel < 2; channel++) {
                for (int i = 0; i < frame.length(); i++) {
                    float value = expected.sample(channel, (int) (at - FROM) + i);
                    if (kind.isExact() || Float.isNaN(value)) {
                        assertThat(Float.floatToIntBits(frame.sample(channel, i)))
                                .isEqualTo(Float.floatToIntBits(value));
                    } else {
                        assertThat(frame.sample(channel, i))
                                .isCloseTo(value, within(Math.ulp(value)));
                    }
                }
            }
            at = frame.nextSequence();
        }
        assertThat(at).isEqualTo(FROM + covered);
    }

    /** Against the definition, with windows that do not agree and of which some are left out. */
    @Property(tries = 300)
    void isTheWeightedMeanOfTheWindows(
            @ForAll @IntRange(min = 1, max = 12) int length,
            @ForAll @IntRange(min = 1, max = 16) int hop,
            @ForAll @IntRange(max = 255) int left,
            @ForAll Kind kind) {
        int step = kind.isExact() ? Math.min(hop, length) : hop;
        OverlapAdd overlapAdd = kind.of(length, step);
        List<SignalFrame> windows = new ArrayList<>();
        for (int k = 0; k < 8; k++) {
            if (k == 0 || (left >> k & 1) == 0) {
                windows.add(window(k * step, length, 100 * k));
            }
        }
        List<SignalFrame> joined = join(overlapAdd, windows);
        int at = 0;
        for (SignalFrame frame : joined) {
            for (; at < frame.sequence(); at++) {
                assertThat(definition(overlapAdd, windows, at)).isNaN();
            }
            for (int i = 0; i < frame.length(); i++) {
                assertThat((double) frame.sample(0, i))
                        .isCloseTo(definition(overlapAdd, windows, at + i), within(1e-4));
            }
            at = (int) frame.nextSequence();
        }
        assertThat(definition(overlapAdd, windows, at)).isNaN();
    }

    private static double definition(OverlapAdd overlapAdd, List<SignalFrame> windows, int n) {
        double sum = 0;
        double weights = 0;
        double plain = 0;
        int count = 0;
        for (SignalFrame window : windows) {
            int at = n - (int) window.sequence();
            if (at >= 0 && at < window.length()) {
                sum += overlapAdd.taper()[at] * window.sample(0, at);
                weights += overlapAdd.taper()[at];
                plain += window.sample(0, at);
                count++;
            }
        }
        return weights > 0 ? sum / weights : plain / count;
    }

    /** The last window starts less than a hop after the one before: no sample twice, none lost. */
    @Property(tries = 300)
    void joinsAWindowThatWasMovedBack(
            @ForAll @IntRange(min = 1, max = 12) int length,
            @ForAll @IntRange(min = 1, max = 12) int hop,
            @ForAll @IntRange(min = 1, max = 12) int further,
            @ForAll Kind kind) {
        int step = Math.min(hop, length);
        OverlapAdd overlapAdd = kind.of(length, step);
        int last = 3 * step + Math.min(further, step);
        List<SignalFrame> windows = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            windows.add(window(k * step, length, 100 * k));
        }
        windows.add(window(last, length, 700));
        int at = 0;
        for (SignalFrame frame : join(overlapAdd, windows)) {
            assertThat(frame.sequence()).isEqualTo(at);
            for (int i = 0; i < frame.length(); i++, at++) {
                // What is before the last regular hop's end had been given when the window came.
                List<SignalFrame> heard = at < 4 * step ? windows.subList(0, 4) : windows;
                assertThat((double) frame.sample(0, i))
                        .isCloseTo(definition(overlapAdd, heard, at), within(1e-4));
            }
        }
        assertThat(at).isEqualTo(last + length);
    }

    @Test
    void givesASampleAsSoonAsNoLaterWindowCanTouchIt() {
        OverlapAdd overlapAdd = Kind.HANN.of(8, 2);
        List<SignalFrame> out = new ArrayList<>();
        OverlapState state = OverlapState.before(window(0, 8, 0));
        for (int k = 0; k < 3; k++) {
            state = overlapAdd.add(window(2 * k, 8, 0), state, out::add);
            assertThat(out).hasSize(k + 1);
            assertThat(out.get(k).nextSequence()).isEqualTo(2 * k + 2);
            assertThat(state.weights()).hasSize(6);
        }
        overlapAdd.finish(state, out::add);
        assertThat(out.get(3).sequence()).isEqualTo(6);
        assertThat(out.get(3).length()).isEqualTo(6);
    }

    @Test
    void keepsFlagsAndMissingValuesWhereTheyCount() {
        int flag = Quality.PADDED.bit();
        SignalFrame first = window(0, 4, 1);
        SignalFrame holed = window(2, 4, 1);
        float[] values = holed.samples().clone();
        values[0] = Float.NaN;
        values[3] = Float.NaN;
        holed = holed.withSamples(values, Quality.MISSING.bit() | flag);
        SignalFrame last = window(4, 4, 1);
        List<SignalFrame> out = join(OverlapAdd.lastHop(4, 2), List.of(first, holed, last));
        assertThat(out)
                .map(frame -> frame.sequence() + ": " + frame.quality())
                .containsExactly("0: 0", "2: 0", "4: " + (flag | Quality.MISSING.bit()), "6: 0");
        assertThat(out.get(2).sample(0, 1)).isNaN();
    }

    @Test
    void refusesWhatDoesNotFollow() {
        OverlapAdd overlapAdd = Kind.FLAT.of(4, 2);
        OverlapState state =
                overlapAdd.add(window(0, 4, 0), OverlapState.before(window(0, 4, 0)), frame -> {});
        for (SignalFrame wrong :
                List.of(window(0, 4, 0), window(2, 5, 0), window(2, 4, 0).withSegment(1))) {
            assertThatThrownBy(() -> overlapAdd.add(wrong, state, frame -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("windows of 4 samples are joined from sample 2 on");
        }
    }

    @Test
    void wantsAHopAndWeights() {
        assertThatThrownBy(() -> new OverlapAdd(0, new double[] {1}))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("overlap-add: hop is 0; give at least 1 sample");
        assertThatThrownBy(() -> new OverlapAdd(1, new double[] {1, -1}))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the weight -1.0");
        assertThatThrownBy(() -> new OverlapAdd(1, new double[3]))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("zero everywhere");
        assertThatThrownBy(() -> OverlapAdd.lastHop(4, 5))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("windows of 4 samples have no hop of 5");
    }

    @Property(tries = 100)
    void windowsThatTheEndLeavesShortGiveTheSegment(
            @ForAll @IntRange(min = 2, max = 20) int length,
            @ForAll @IntRange(min = 1, max = 20) int hop,
            @ForAll @IntRange(min = 1, max = 60) int samples) {
        Assume.that(hop <= length);
        SignalFrame segment = TestStream.of("s").withChannels(1).frame(7, samples);
        FrameSlicer slicer = new FrameSlicer(length, hop, Padding.TRIM);
        List<SignalFrame> windows = new ArrayList<>();
        SlicerState state = slicer.slice(segment, SlicerState.before(segment), windows::add);
        slicer.finish("s", state, windows::add);
        double[] taper = StandardTaper.HANN.periodic(length);
        List<SignalFrame> joined = join(new OverlapAdd(hop, taper), windows);

        long next = 7;
        for (SignalFrame frame : joined) {
            assertThat(frame.sequence()).isEqualTo(next);
            for (int i = 0; i < frame.length(); i++) {
                assertThat(frame.samples()[i])
                        .isCloseTo(segment.samples()[(int) next - 7 + i], within(1e-5f));
            }
            next = frame.nextSequence();
        }
        assertThat(next).isEqualTo(segment.nextSequence());
    }

    private static SignalFrame window(int start, int length, int offset) {
        SignalFrame frame = TestStream.of("s").withChannels(1).frame(start, length);
        float[] values = frame.samples().clone();
        for (int i = 0; i < length; i++) {
            values[i] += offset;
        }
        return frame.withSamples(values, 0);
    }

    private static List<SignalFrame> windows(List<SignalFrame> segment, int length, int hop) {
        FrameSlicer slicer = new FrameSlicer(length, hop, Padding.DROP);
        SlicerState state = SlicerState.before(segment.get(0));
        List<SignalFrame> windows = new ArrayList<>();
        for (SignalFrame frame : segment) {
            state = slicer.slice(frame, state, windows::add);
        }
        return windows;
    }

    private static List<SignalFrame> join(OverlapAdd overlapAdd, List<SignalFrame> windows) {
        OverlapState state = OverlapState.before(windows.get(0));
        List<SignalFrame> out = new ArrayList<>();
        for (SignalFrame window : windows) {
            float[] given = window.samples().clone();
            state = overlapAdd.add(window, state, out::add);
            assertThat(Arrays.equals(given, window.samples())).isTrue();
        }
        overlapAdd.finish(state, out::add);
        return out;
    }
}
