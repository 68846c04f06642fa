/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.Span;
import org.junit.jupiter.api.Test;

class GapFillTest {
    private static final float[] BEFORE = {1, -2, Float.NaN};
    private static final float[] AFTER = {4, Float.NaN, 3};

    private static float[] fill(GapFill.Method method) {
        return new GapFill(method, Span.ofSamples(9)).between(BEFORE, AFTER, 2);
    }

    @Test
    void whatDependsOnAMissingValueIsMissing() {
        float nan = Float.NaN;
        assertThat(fill(GapFill.Method.HOLD)).containsExactly(1, 1, -2, -2, nan, nan);
        assertThat(fill(GapFill.Method.LINEAR)).containsExactly(2, 3, nan, nan, nan, nan);
        assertThat(fill(GapFill.Method.ZEROS)).containsExactly(0, 0, 0, 0, 0, 0);
    }
}
