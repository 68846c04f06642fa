/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.corruption.Corrupt;
import io.thalamus.operators.signal.corruption.Corruption;
import io.thalamus.operators.signal.rate.Resample;
import io.thalamus.operators.signal.spatial.SelectChannels;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Beside a change of rate, which gives its samples late. */
class BesideTriggerTest extends SignalTransformContract {
    private static final Trigger TRIGGER = new Trigger("c1", 0.5, Duration.ZERO);
    private static final StreamShape SHAPE =
            new StreamShape(List.of("c0", "c1", "c2"), SampleRate.ofHertz(12));

    @Override
    protected SignalTransform transform() {
        return new BesideTrigger(new Resample(2, 3), TRIGGER);
    }

    @Override
    protected int samples() {
        return 300;
    }

    /** The rise comes at the first output sample that is not earlier, at the others' bits. */
    @Property(tries = 200)
    void theTriggerRisesAtItsTime(
            @ForAll @IntRange(min = 1, max = 7) int up,
            @ForAll @IntRange(min = 1, max = 7) int down,
            @ForAll @IntRange(min = 1, max = 150) int rise,
            @ForAll @IntRange(min = 1, max = 40) int high) {
        double[][] in = new double[3][200];
        for (int n = 0; n < in[0].length; n++) {
            in[0][n] = Math.sin(n);
            in[1][n] = n >= rise && n < rise + high ? 1 : 0;
            in[2][n] = Math.cos(n);
        }
        Resample resample = new Resample(up, down);
        double[][] out =
                SignalChain.whole(in, SHAPE, List.of(new BesideTrigger(resample, TRIGGER)));
        double[][] others =
                SignalChain.whole(
                        new double[][] {in[0], in[2]}, TRIGGER.without(SHAPE), List.of(resample));

        assertThat(out).hasNumberOfRows(3);
        assertThat(out[0]).isEqualTo(others[0]);
        assertThat(out[1]).isEqualTo(others[1]);
        int first = (int) Math.ceil((double) rise * up / down - 1e-9);
        // of fewer samples, what was high since the last one; of more, until the next input sample
        int end = (int) Math.ceil((double) (rise + high) * up / down - 1e-9);
        int last = (int) Math.ceil((double) (rise + high - 1) * up / down - 1e-9);
        for (int m = 0; m < out[2].length; m++) {
            boolean isHigh = m >= first && m <= Math.max(end - 1, last);
            assertThat(out[2][m]).as("output sample %d", m).isEqualTo(isHigh ? 1 : 0);
        }
    }

    @Test
    void goesPastTransformsWithoutMemory() {
        BesideTrigger choice =
                new BesideTrigger(new SelectChannels(List.of("c2")), new Trigger("c0", 0, null));
        assertThat(choice.prepare(SHAPE).outputShape().channels()).containsExactly("c2", "c0");
        double[][] out =
                SignalChain.whole(
                        new double[][] {{1, 2}, {3, 4}, {5, Double.NaN}}, SHAPE, List.of(choice));
        assertThat(out[0]).containsExactly(5, Double.NaN);
        assertThat(out[1]).containsExactly(1, 2);
    }

    @Test
    void wantsTheTriggerAndAnotherChannel() {
        StreamShape none = new StreamShape(List.of("a", "b"), SampleRate.ofHertz(1));
        StreamShape alone = new StreamShape(List.of("c1"), SampleRate.ofHertz(1));
        assertThatThrownBy(() -> transform().prepare(none))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("there is no trigger channel c1; the channels are [a, b]");
        assertThatThrownBy(() -> transform().prepare(alone))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("there is no channel beside the trigger c1");
    }

    /** What depends on the stream and on where it starts does so beside a trigger too. */
    @Test
    void tellsTheTransformWhatItStartsWith() {
        PreparedTransform alone = damage().prepare(TRIGGER.without(SHAPE));
        PreparedTransform beside = new BesideTrigger(damage(), TRIGGER).prepare(SHAPE);
        SignalFrame first = TestStream.of("night").withChannels(3).frame(500, 4);
        long[] counters = alone.startOf(first).counters();
        assertThat(counters).isNotEqualTo(alone.start().counters());
        assertThat(beside.startOf(first).counters()).startsWith(counters);
    }

    private static Corrupt damage() {
        return new Corrupt(Corruption.WHITE, 3, 1, Span.ofSamples(48));
    }
}
