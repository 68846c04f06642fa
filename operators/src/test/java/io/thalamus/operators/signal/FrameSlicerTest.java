/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FrameSlicerTest {
    private static final TestStream STREAM = TestStream.of("s").withMissing(0.05);
    private static final long FROM = 11;
    private static final int SAMPLES = 130;

    /** Every window is what one would cut from the whole segment at once. */
    @Property(tries = 300)
    void anyCuttingGivesTheWindowsOfTheSegment(
            @ForAll @IntRange(min = 1, max = 50) int length,
            @ForAll @IntRange(min = 1, max = 70) int hop,
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 60) Integer> frames) {
        List<SignalFrame> expected = new ArrayList<>();
        for (long start = 0; start + length <= SAMPLES; start += hop) {
            expected.add(STREAM.frame(FROM + start, length));
        }
        int[] lengths = frames.stream().mapToInt(Integer::intValue).toArray();
        FrameSlicer slicer = new FrameSlicer(length, hop, Padding.DROP);
        List<SignalFrame> input = STREAM.frames(FROM, FROM + SAMPLES, lengths);
        List<SignalFrame> windows = new ArrayList<>();
        SlicerState end = slice(slicer, input, windows);

        assertThat(windows).hasSameSizeAs(expected);
        for (int i = 0; i < windows.size(); i++) {
            SignalFrame window = windows.get(i);
            // Times count from the segment's start, so they may differ from the stream's by 1 ns.
            long startNanos =
                    input.get(0).startNanos() + STREAM.rate().nanosOf(window.sequence() - FROM);
            assertThat(window.startNanos()).isEqualTo(startNanos);
            assertThat(window.sequence()).isEqualTo(expected.get(i).sequence());
            assertThat(window.samples()).isEqualTo(expected.get(i).samples());
            assertThat(window.quality()).isEqualTo(expected.get(i).quality());
        }
        assertThat(input).isEqualTo(STREAM.frames(FROM, FROM + SAMPLES, lengths));
        long covered = expected.isEmpty() ? 0 : (expected.size() - 1L) * hop + length;
        long next = (long) expected.size() * hop;
        boolean partial = false;
        for (long sample = covered; sample < SAMPLES; sample++) {
            partial |= sample >= next;
        }
        assertThat(slicer.endsInPartialWindow(end)).isEqualTo(partial);
        assertThat(end.quality().length).isLessThan(Math.max(length, 1));
    }

    @Test
    void keepsTheFlagsOfTheFramesItCutsFrom() {
        SignalFrame filled = TestStream.of("s").frame(0, 4);
        filled = filled.withSamples(filled.samples(), Quality.FILLED.bit());
        SignalFrame clean = TestStream.of("s").frame(4, 4);
        List<SignalFrame> windows = new ArrayList<>();
        slice(new FrameSlicer(2, 2, Padding.DROP), List.of(filled, clean), windows);
        int flag = Quality.FILLED.bit();
        assertThat(windows).map(SignalFrame::quality).containsExactly(flag, flag, 0, 0);
    }

    /** The window after the last whole one holds every sample that no whole one has, padded. */
    @Property(tries = 300)
    void theIncompleteWindowIsPadded(
            @ForAll @IntRange(min = 1, max = 20) int length,
            @ForAll @IntRange(min = 1, max = 25) int hop,
            @ForAll @IntRange(min = 1, max = 60) int samples,
            @ForAll @IntRange(min = 1, max = 30) int cut,
            @ForAll Padding padding) {
        Assume.that(padding != Padding.SHIFT && padding != Padding.TRIM);
        List<SignalFrame> segment = STREAM.frames(FROM, FROM + samples, cut);
        FrameSlicer slicer = new FrameSlicer(length, hop, padding);
        List<SignalFrame> whole = new ArrayList<>();
        SlicerState end = slice(slicer, segment, whole);
        List<SignalFrame> padded = new ArrayList<>();
        slicer.finish("s", end, padded::add);

        long start = (long) whole.size() * hop;
        long covered = whole.isEmpty() ? 0 : start - hop + length;
        if (padding == Padding.DROP || samples <= Math.max(start, covered)) {
            assertThat(padded).isEmpty();
            return;
        }
        int has = (int) (samples - start);
        assertThat(has).isLessThan(length);
        SignalFrame expected = STREAM.frame(FROM + start, has);
        SignalFrame window = padded.get(0);
        assertThat(padded).hasSize(1);
        assertThat(window.length()).isEqualTo(length);
        assertThat(window.sequence()).isEqualTo(FROM + start);
        assertThat(window.startNanos())
                .isEqualTo(segment.get(0).startNanos() + STREAM.rate().nanosOf(start));
        for (int channel = 0; channel < 2; channel++) {
            for (int i = 0; i < length; i++) {
                boolean zero = i >= has && padding == Padding.ZEROS;
                float source = expected.sample(channel, i < has ? i : mirrored(i, has, padding));
                Float value = zero ? 0 : source;
                assertThat((Float) window.sample(channel, i)).isEqualTo(value);
            }
        }
        assertThat(window.quality()).isEqualTo(expected.quality() | Quality.PADDED.bit());
    }

    /**
     * The window that the end leaves incomplete ends with the segment, and is measured throughout.
     */
    @Property(tries = 300)
    void theIncompleteWindowIsMovedBack(
            @ForAll @IntRange(min = 1, max = 20) int length,
            @ForAll @IntRange(min = 1, max = 25) int hop,
            @ForAll @IntRange(min = 1, max = 60) int samples,
            @ForAll @IntRange(min = 1, max = 30) int cut) {
        List<SignalFrame> segment = STREAM.frames(FROM, FROM + samples, cut);
        FrameSlicer slicer = new FrameSlicer(length, hop, Padding.SHIFT);
        List<SignalFrame> windows = new ArrayList<>();
        SlicerState end = slice(slicer, segment, windows);
        int whole = windows.size();
        slicer.finish("s", end, windows::add);

        if (samples < length || !slicer.endsInPartialWindow(end)) {
            assertThat(windows).hasSize(whole);
            return;
        }
        SignalFrame last = windows.get(whole);
        assertThat(windows).hasSize(whole + 1);
        assertThat(last.samples()).isEqualTo(STREAM.frame(last.sequence(), length).samples());
        assertThat(last.nextSequence()).isEqualTo(FROM + samples);
        assertThat(last.startNanos())
                .isEqualTo(
                        segment.get(0).startNanos()
                                + STREAM.rate().nanosOf(last.sequence() - FROM));
        assertThat(Quality.PADDED.in(last.quality())).isFalse();
    }

    /** Every sample lies in the first hop of a window, and none is made up. */
    @Property(tries = 300)
    void windowsAreLeftShort(
            @ForAll @IntRange(min = 1, max = 20) int length,
            @ForAll @IntRange(min = 1, max = 25) int hop,
            @ForAll @IntRange(min = 1, max = 60) int samples,
            @ForAll @IntRange(min = 1, max = 30) int cut) {
        List<SignalFrame> segment = STREAM.frames(FROM, FROM + samples, cut);
        FrameSlicer slicer = new FrameSlicer(length, hop, Padding.TRIM);
        List<SignalFrame> windows = new ArrayList<>();
        SlicerState end = slice(slicer, segment, windows);
        slicer.finish("s", end, windows::add);

        assertThat(windows).hasSize((samples + hop - 1) / hop);
        for (int i = 0; i < windows.size(); i++) {
            SignalFrame window = windows.get(i);
            int has = Math.min(length, samples - i * hop);
            SignalFrame expected = STREAM.frame(FROM + i * hop, has);
            assertThat(window.sequence()).isEqualTo(expected.sequence());
            assertThat(window.samples()).isEqualTo(expected.samples());
            assertThat(window.quality()).isEqualTo(expected.quality());

            SignalFrame whole = slicer.filledUp(window);
            assertThat(whole.length()).isEqualTo(length);
            int flag = has < length ? Quality.PADDED.bit() : 0;
            assertThat(whole.slice(0, has))
                    .isEqualTo(window.withSamples(window.samples(), window.quality() | flag));
            for (int made = has; made < length; made++) {
                assertThat(whole.sample(0, made)).isZero();
                assertThat(whole.sample(1, made)).isZero();
            }
        }
    }

    @Test
    void fillsUpNothingElse() {
        SignalFrame window = STREAM.frame(0, 5);
        assertThat(new FrameSlicer(5, 5, Padding.TRIM).filledUp(window)).isSameAs(window);
        assertThat(new FrameSlicer(9, 9, Padding.ZEROS).filledUp(window)).isSameAs(window);
    }

    /** Where the last window starts is known from the segment's length alone. */
    @Property(tries = 300)
    void tellsWhereTheLastWindowStarts(
            @ForAll @IntRange(min = 1, max = 20) int length,
            @ForAll @IntRange(min = 1, max = 25) int hop,
            @ForAll @IntRange(min = 1, max = 60) int samples,
            @ForAll Padding padding) {
        FrameSlicer slicer = new FrameSlicer(length, hop, padding);
        List<SignalFrame> windows = new ArrayList<>();
        SlicerState end = slice(slicer, STREAM.frames(FROM, FROM + samples, 7), windows);
        slicer.finish("s", end, windows::add);
        OptionalLong last = slicer.lastWindow(samples);
        assertThat(last.isPresent()).isEqualTo(!windows.isEmpty());
        last.ifPresent(
                start ->
                        assertThat(FROM + start)
                                .isEqualTo(windows.get(windows.size() - 1).sequence()));
    }

    /** Walks back and forth over the samples that are there. */
    private static int mirrored(int index, int has, Padding padding) {
        int at = 0;
        int step = 1;
        for (int i = 0; i < index; i++) {
            if (at + step < 0 || at + step >= has) {
                step = padding == Padding.EDGE ? 0 : -step;
            }
            at = has == 1 ? 0 : at + step;
        }
        return at;
    }

    /** As {@code numpy.pad([1, 2, 3], (0, 6), mode)} has it. */
    @Test
    void padsAsNumPyDoes() {
        assertThat(padded(Padding.ZEROS)).containsExactly(1, 2, 3, 0, 0, 0, 0, 0, 0);
        assertThat(padded(Padding.EDGE)).containsExactly(1, 2, 3, 3, 3, 3, 3, 3, 3);
        assertThat(padded(Padding.REFLECT)).containsExactly(1, 2, 3, 2, 1, 2, 3, 2, 1);
    }

    private static float[] padded(Padding padding) {
        SignalFrame frame = TestStream.of("s").withChannels(1).frame(0, 3);
        List<SignalFrame> windows = new ArrayList<>();
        FrameSlicer slicer = new FrameSlicer(9, 9, padding);
        SlicerState end =
                slice(slicer, List.of(frame.withSamples(new float[] {1, 2, 3}, 0)), windows);
        slicer.finish("s", end, windows::add);
        return windows.get(0).samples();
    }

    @Test
    void refusesAFrameThatDoesNotFollow() {
        FrameSlicer slicer = new FrameSlicer(4, 4, Padding.DROP);
        List<SignalFrame> torn = List.of(STREAM.frame(0, 3), STREAM.frame(4, 3));
        assertThatThrownBy(() -> slice(slicer, torn, new ArrayList<>()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not follow on sample 3");
        List<SignalFrame> other = List.of(STREAM.frame(0, 3), STREAM.frame(3, 3).withSegment(1));
        assertThatThrownBy(() -> slice(slicer, other, new ArrayList<>()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void wantsALengthAndAHop() {
        assertThatThrownBy(() -> new FrameSlicer(96, 0, Padding.DROP))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("window: length is 96 and hop is 0; give at least 1 sample for each");
    }

    private static SlicerState slice(
            FrameSlicer slicer, List<SignalFrame> frames, List<SignalFrame> windows) {
        SlicerState state = SlicerState.before(frames.get(0));
        for (SignalFrame frame : frames) {
            state = slicer.slice(frame, state, windows::add);
        }
        return state;
    }
}
