/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.testing.SignalTransformContract;
import org.junit.jupiter.api.Test;

class MedianReferenceTest extends SignalTransformContract {

    @Override
    protected SignalTransform transform() {
        return new MedianReference();
    }

    @Test
    void takesTheMiddleOneAway() {
        assertThat(Montages.sample(transform(), "a b c", 5, 1000, -2)).containsExactly(0, 995, -7);
    }

    @Test
    void takesTheMeanOfTheTwoMiddleOnesAway() {
        assertThat(Montages.sample(transform(), "a b c d", 5, 1000, -2, 8))
                .containsExactly(-1.5, 993.5, -8.5, 1.5);
    }

    @Test
    void leavesAMissingChannelOutOfTheMedian() {
        assertThat(Montages.sample(transform(), "a b c d", 5, Double.NaN, -2, 1000))
                .containsExactly(0, Double.NaN, -7, 995);
        assertThat(Montages.sample(transform(), "a b c", 5, Double.POSITIVE_INFINITY, 8))
                .containsExactly(-1.5, Double.NaN, 1.5);
        assertThat(Montages.sample(transform(), "a b", Double.NaN, Double.NaN))
                .containsOnly(Double.NaN);
    }
}
