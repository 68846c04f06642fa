/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import org.junit.jupiter.api.Test;

class ClipTest extends SignalTransformContract {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @Override
    protected SignalTransform transform() {
        return new Clip(-1, 2.5);
    }

    @Test
    void holdsValuesBetweenTheLimits() {
        assertThat(Values.through(new Clip(-1, 2), -1.5, -1, 0.5, 2, 3, INFINITY, Double.NaN))
                .containsExactly(-1, -1, 0.5, 2, 2, 2, Double.NaN);
        assertThat(Values.through(new Clip(-INFINITY, 2), -1e9, 3)).containsExactly(-1e9, 2);
        assertThat(Values.through(new Clip(0, INFINITY), -1e9, 3)).containsExactly(0, 3);
    }

    @Test
    void wantsLimits() {
        assertThatThrownBy(() -> new Clip(2, 2))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("clip: low is 2.0 and high is 2.0; give a low below the high");
        assertThatThrownBy(() -> new Clip(Double.NaN, 2)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new Clip(-INFINITY, INFINITY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("clip has no limit; give low, high or both");
    }
}
