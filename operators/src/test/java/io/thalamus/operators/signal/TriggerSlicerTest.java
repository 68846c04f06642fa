/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TriggerSlicerTest {
    private static final SampleRate RATE = SampleRate.ofHertz(10);
    private static final TestStream STREAM =
            TestStream.of("s").withRate(RATE).withChannels(3).withMissing(0.1);
    private static final long FROM = 11;
    private static final int SAMPLES = 130;

    private static TriggerSlicer slicer(double level, int offset, int length) {
        Trigger trigger = new Trigger("c1", level, Duration.ofMillis(100L * offset));
        return trigger.at(RATE, Span.ofSamples(length));
    }

    /** Every window is what one would cut from the whole segment at once, trigger by trigger. */
    @Property(tries = 500)
    void anyCuttingGivesTheWindowsOfTheTriggers(
            @ForAll @IntRange(min = 1, max = 40) int length,
            @ForAll @IntRange(min = -60, max = 60) int offset,
            @ForAll @DoubleRange(min = -3, max = 3) double level,
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 60) Integer> cuts) {
        List<Long> whole = new ArrayList<>();
        List<Long> beyond = new ArrayList<>();
        boolean wasLow = false;
        for (int n = 0; n < SAMPLES; n++) {
            float value = STREAM.value(1, FROM + n);
            if (Float.isNaN(value)) {
                continue;
            }
            if (wasLow && value > level) {
                boolean inside = n + offset >= 0 && n + offset + length <= SAMPLES;
                (inside ? whole : beyond).add((long) n);
            }
            wasLow = value <= level;
        }
        TriggerSlicer slicer = slicer(level, offset, length);
        int[] lengths = cuts.stream().mapToInt(Integer::intValue).toArray();
        List<SignalFrame> windows = new ArrayList<>();
        List<Long> lost = new ArrayList<>();
        TriggerState state = null;
        for (SignalFrame frame : STREAM.frames(FROM, FROM + SAMPLES, lengths)) {
            state = slicer.slice(frame, state, windows::add, lost::add);
            assertThat(state.samples().quality().length)
                    .as("samples kept")
                    .isLessThanOrEqualTo(length + Math.max(-offset, 0));
        }
        slicer.finish(state, lost::add);

        assertThat(windows).hasSameSizeAs(whole);
        assertThat(lost).containsExactlyElementsOf(beyond);
        for (int i = 0; i < windows.size(); i++) {
            SignalFrame window = windows.get(i);
            SignalFrame expected = STREAM.frame(FROM + whole.get(i) + offset, length);
            float[] signal = new float[2 * length];
            System.arraycopy(expected.samples(), 0, signal, 0, length);
            System.arraycopy(expected.samples(), 2 * length, signal, length, length);
            assertThat(window.channels()).containsExactly("c0", "c2");
            assertThat(window.sequence()).isEqualTo(expected.sequence());
            assertThat(window.startNanos()).isEqualTo(expected.startNanos());
            assertThat(window.samples()).isEqualTo(signal);
            assertThat(window.quality()).isEqualTo(Quality.of(signal, 0));
        }
    }

    @Test
    void aSegmentThatBeginsHighDoesNotBeginWithARise() {
        List<SignalFrame> windows = new ArrayList<>();
        SignalFrame frame = frame(0, 1, 1, Float.NaN, 1, 0, Float.NaN, 1, 1);
        TriggerState state = slicer(0.5, 0, 2).slice(frame, null, windows::add, rise -> {});
        assertThat(windows).map(SignalFrame::sequence).containsExactly(6L);
        // still high, and so no rise
        slicer(0.5, 0, 2).slice(frame(8, 1, 1, 0, 1, 1), state, windows::add, rise -> {});
        assertThat(windows).map(SignalFrame::sequence).containsExactly(6L, 11L);
    }

    @Test
    void highIsAboveTheLevel() {
        List<SignalFrame> windows = new ArrayList<>();
        slicer(0.5, 0, 1).slice(frame(0, 0, 0.5f, 0.75f), null, windows::add, rise -> {});
        assertThat(windows).map(SignalFrame::sequence).containsExactly(2L);
    }

    private static SignalFrame frame(long from, float... trigger) {
        float[] samples = new float[2 * trigger.length];
        System.arraycopy(trigger, 0, samples, trigger.length, trigger.length);
        return new SignalFrame(
                "s", from, 0, RATE.nanosOf(from), RATE, List.of("a", "c1"), samples, 0);
    }
}
