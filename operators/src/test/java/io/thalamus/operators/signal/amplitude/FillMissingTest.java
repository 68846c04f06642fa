/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.testing.Frames;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FillMissingTest extends SignalTransformContract {
    private static final float N = Float.NaN;

    @Override
    protected SignalTransform transform() {
        return new FillMissing(3);
    }

    @Test
    void holdsTheLastValueUpToTheLimit() {
        assertThat(fill(2, frame(0, 1, N, N, N, 5, N)).get(0).samples())
                .containsExactly(1, 1, 1, N, 5, 5);
    }

    @Test
    void leavesWhatHasNoPast() {
        assertThat(fill(9, frame(0, N, N, 3, N)).get(0).samples()).containsExactly(N, N, 3, 3);
    }

    @Test
    void countsAHoleOverFrames() {
        List<SignalFrame> out = fill(2, frame(0, 1, N), frame(2, N, N), frame(4, N, 2));
        assertThat(out)
                .map(SignalFrame::samples)
                .containsExactly(new float[] {1, 1}, new float[] {1, N}, new float[] {N, 2});
        assertThat(out)
                .map(SignalFrame::quality)
                .containsExactly(
                        Quality.FILLED.bit(),
                        Quality.FILLED.bit() | Quality.MISSING.bit(),
                        Quality.MISSING.bit());
    }

    @Test
    void keepsChannelsApart() {
        SignalFrame frame = TestStream.of("s").withChannels(2).frame(0, 3);
        List<SignalFrame> out = fill(1, frame.withSamples(new float[] {1, N, N, N, 2, N}, 0));
        assertThat(out.get(0).samples()).containsExactly(1, 1, N, N, 2, 2);
    }

    /** A frame's flags are the union of those that its samples would have one by one. */
    @Property(tries = 200)
    void flagsAreThoseOfTheSamples(
            @ForAll @IntRange(min = 1, max = 30) int length,
            @ForAll @DoubleRange(max = 0.9) double missing) {
        TestStream stream = TestStream.of("s").withMissing(missing);
        List<SignalFrame> single = fill(3, stream.frames(0, 90, 1).toArray(SignalFrame[]::new));
        List<SignalFrame> cut = fill(3, stream.frames(0, 90, length).toArray(SignalFrame[]::new));
        for (SignalFrame frame : cut) {
            int union = 0;
            for (long n = frame.sequence(); n < frame.nextSequence(); n++) {
                union |= single.get((int) n).quality();
            }
            assertThat(frame.quality()).as("%s", frame).isEqualTo(union);
        }
    }

    @Test
    void wantsALimit() {
        assertThatThrownBy(() -> new FillMissing(0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("fill-missing: limit is 0; give at least 1 sample");
    }

    private static SignalFrame frame(long sequence, float... values) {
        return TestStream.of("s")
                .withChannels(1)
                .frame(sequence, values.length)
                .withSamples(values, Quality.MISSING.bit());
    }

    private static List<SignalFrame> fill(int limit, SignalFrame... frames) {
        return Frames.through(new FillMissing(limit), List.of(frames));
    }
}
