/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TwoPointEstimateTest {
    private static final float[] AT = {0.5f, -1, 2, 0};
    private static final double[] SLOPE = {1.1, -1.7, 4.5, -0.5};

    /** (x + 1/10)^2 - x, (y^2 + ...): a bowl whose gradient at the point is known. */
    private static double error(float[] x) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += SLOPE[i] * (x[i] - AT[i]) + 0.5 * (x[i] - AT[i]) * (x[i] - AT[i]);
        }
        return sum;
    }

    @Test
    void isTheGradientOnAverage() {
        TwoPointEstimate estimate = new TwoPointEstimate(1 / 64.0, 7);
        double[] mean = new double[AT.length];
        int draws = 20_000;
        for (long update = 0; update < draws; update++) {
            float[] direction = estimate.direction(update, AT.length);
            double[] gradient =
                    estimate.gradient(
                            direction,
                            error(estimate.point(AT, direction, true)),
                            error(estimate.point(AT, direction, false)));
            for (int i = 0; i < mean.length; i++) {
                mean[i] += gradient[i] / draws;
            }
        }
        // the deviation of a draw is at most the norm of the gradient, 5
        assertThat(mean).containsExactly(SLOPE, within(5 * 5 / Math.sqrt(draws)));
    }

    @Test
    void drawsTheSameForTheSameUpdateOnly() {
        TwoPointEstimate estimate = new TwoPointEstimate(0.01, 7);
        assertThat(estimate.direction(3, 64)).containsExactly(estimate.direction(3, 64));
        assertThat(estimate.direction(3, 64)).isNotEqualTo(estimate.direction(4, 64));
        assertThat(estimate.direction(3, 64))
                .isNotEqualTo(new TwoPointEstimate(0.01, 8).direction(3, 64));
        assertThat(estimate.direction(3, 64)).contains(1, -1).doesNotContain(0);
    }
}
