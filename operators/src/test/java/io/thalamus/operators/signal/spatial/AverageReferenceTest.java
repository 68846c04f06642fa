/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.testing.SignalTransformContract;
import org.junit.jupiter.api.Test;

class AverageReferenceTest extends SignalTransformContract {

    @Override
    protected SignalTransform transform() {
        return new AverageReference();
    }

    @Test
    void takesTheMeanAway() {
        assertThat(Montages.sample(transform(), "a b c d", 1, 2, 6, -1))
                .containsExactly(-1, 0, 4, -3);
    }

    @Test
    void leavesAMissingChannelOutOfTheMean() {
        assertThat(Montages.sample(transform(), "a b c", 1, Double.NaN, 4))
                .containsExactly(-1.5, Double.NaN, 1.5);
        assertThat(Montages.sample(transform(), "a b c", 1, Double.NEGATIVE_INFINITY, 4))
                .containsExactly(-1.5, Double.NaN, 1.5);
        assertThat(Montages.sample(transform(), "a b", Double.NaN, Double.NaN))
                .containsOnly(Double.NaN);
    }

    @Test
    void keepsTheNames() {
        assertThat(Montages.names(transform(), "LA1 ECG")).containsExactly("LA1", "ECG");
    }
}
