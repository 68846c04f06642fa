/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.testing.TestStream;
import org.junit.jupiter.api.Test;

class ScoringProgressTest {
    private static final int LENGTH = 8;
    private static final int HOP = 4;
    private static final int HORIZON = 6;

    private final TestStream stream = TestStream.of("s");

    private ScoringProgress after(ScoringProgress before, long first, int count) {
        return before.after(stream.frame(first, count), LENGTH, HOP);
    }

    private static SamplePosition at(long sequence) {
        return new SamplePosition(0, sequence);
    }

    @Test
    void forecastsWaitInOrderUntilTheirHorizonHasCome() {
        ScoringProgress progress = after(ScoringProgress.NONE, 0, 13);
        assertThat(progress.awaited()).containsExactly(at(8), at(12));
        assertThat(progress.firstNeeded()).isEqualTo(at(8));
        progress = progress.afterForecast(at(8)).afterForecast(at(12));

        assertThat(progress.awaited()).isEmpty();
        assertThat(progress.waiting()).containsExactly(at(8), at(12));
        assertThat(progress.due(HORIZON)).isZero();
        assertThat(after(progress, 13, 1).due(HORIZON)).isEqualTo(1);
        assertThat(after(progress, 13, 5).due(HORIZON)).isEqualTo(2);
        ScoringProgress compared = after(progress, 13, 1).afterCompared(1);
        assertThat(compared.waiting()).containsExactly(at(12));
        assertThat(compared.firstNeeded()).isEqualTo(at(12));
    }

    @Test
    void theEndOfASegmentLeavesNothingToWaitFor() {
        ScoringProgress progress =
                after(ScoringProgress.NONE, 0, 13).afterForecast(at(8)).afterForecast(at(12));

        assertThat(progress.after(stream.frame(50, 1).withSegment(1), LENGTH, HOP).due(HORIZON))
                .isEqualTo(2);
    }

    /** A forecast may come before the values that it was made from. */
    @Test
    void forecastsOfASegmentThatHasNotBegunWait() {
        ScoringProgress progress =
                ScoringProgress.NONE.afterForecast(at(8)).afterForecast(new SamplePosition(1, 60));

        assertThat(after(progress, 0, 40).due(HORIZON)).isEqualTo(1);
    }

    /** Most frames end no window and no horizon. */
    @Test
    void aFrameThatEndsNoWindowCopiesNothing() {
        ScoringProgress progress = after(ScoringProgress.NONE, 0, 13).afterForecast(at(8));

        ScoringProgress next = after(progress, 13, 2);

        assertThat(next.awaited()).isSameAs(progress.awaited());
        assertThat(next.waiting()).isSameAs(progress.waiting());
    }
}
