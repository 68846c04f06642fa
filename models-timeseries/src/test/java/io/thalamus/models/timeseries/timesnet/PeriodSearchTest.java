/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.inference.Tensor;
import org.junit.jupiter.api.Test;

class PeriodSearchTest {

    @Test
    void aWindowWithoutVariationIsFoldedAlongTheLongestPeriodsAlike() {
        PeriodSearch search = new PeriodSearch(12, 2, 3);
        search.run(Tensor.of(new float[24], 1, 12, 2), false);
        assertThat(search.strongestPeriod(0)).isEqualTo(12);
        for (int period : new int[] {12, 6, 4}) {
            assertThat(search.weight(0, period)).isCloseTo(1 / 3.0, within(1e-12));
        }
        assertThat(search.weight(0, 3)).isZero();
    }

    @Test
    void weighsByTheSoftmaxOfTheAmplitudesAveragedOverFeatures() {
        // amplitudes of 8 / 2 * 0.5 at bin 1 of the first feature, twice that at bin 2 of the other
        float[] sequence = new float[16];
        for (int t = 0; t < 8; t++) {
            sequence[2 * t] = (float) (0.5 * Math.sin(2 * Math.PI * t / 8));
            sequence[2 * t + 1] = (float) Math.sin(2 * Math.PI * t / 4);
        }
        PeriodSearch search = new PeriodSearch(8, 2, 2);
        search.run(Tensor.of(sequence, 1, 8, 2), false);
        double ratio = Math.exp(2 - 1);
        assertThat(search.strongestPeriod(0)).isEqualTo(4);
        assertThat(search.weight(0, 4)).isCloseTo(ratio / (1 + ratio), within(1e-6));
        assertThat(search.weight(0, 8)).isCloseTo(1 / (1 + ratio), within(1e-6));
    }

    @Test
    void addsTheWeightsOfBinsWithTheSamePeriod() {
        // bins 4 and 5 of 10 stand for period 2
        float[] sequence = new float[10];
        for (int t = 0; t < 10; t++) {
            sequence[t] =
                    (float)
                            (0.2 * Math.cos(2 * Math.PI * t * 4 / 10)
                                    + 0.1 * Math.cos(Math.PI * t));
        }
        PeriodSearch search = new PeriodSearch(10, 1, 2);
        search.run(Tensor.of(sequence, 1, 10, 1), false);
        assertThat(search.weight(0, 2)).isCloseTo(1, within(1e-12));
    }

    @Test
    void eachWindowHasItsOwnPeriodsUnlessTheyAreShared() {
        // period 4 with amplitude 2, period 8 with amplitude 1
        float[] sequence = new float[16];
        for (int t = 0; t < 8; t++) {
            sequence[t] = (float) (2 * Math.sin(2 * Math.PI * t / 4));
            sequence[8 + t] = (float) Math.sin(2 * Math.PI * t / 8);
        }
        PeriodSearch search = new PeriodSearch(8, 1, 1);
        Tensor batch = Tensor.of(sequence, 2, 8, 1);
        search.run(batch, false);
        assertThat(search.strongestPeriod(0)).isEqualTo(4);
        assertThat(search.strongestPeriod(1)).isEqualTo(8);
        search.run(batch, true);
        assertThat(search.strongestPeriod(0)).isEqualTo(4);
        assertThat(search.strongestPeriod(1)).isEqualTo(4);
        assertThat(search.weight(1, 4)).isEqualTo(1);
    }
}
