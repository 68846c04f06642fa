/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.Span;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GapFillTest {
    private static final float[] BEFORE = {1, -2, Float.NaN};
    private static final float[] AFTER = {4, Float.NaN, 3};

    private static float[] fill(GapFill.Method method) {
        return new GapFill(method, Span.ofSamples(9)).between(BEFORE, AFTER, 2, 0, 2);
    }

    @Test
    void whatDependsOnAMissingValueIsMissing() {
        float nan = Float.NaN;
        assertThat(fill(GapFill.Method.HOLD)).containsExactly(1, 1, -2, -2, nan, nan);
        assertThat(fill(GapFill.Method.LINEAR)).containsExactly(2, 3, nan, nan, nan, nan);
        assertThat(fill(GapFill.Method.ZEROS)).containsExactly(0, 0, 0, 0, 0, 0);
        assertThat(fill(GapFill.Method.MODEL)).containsExactly(nan, nan, nan, nan, nan, nan);
    }

    @Test
    void aPartIsAsTheWholeHasIt() {
        for (GapFill.Method method : GapFill.Method.values()) {
            GapFill fill = new GapFill(method, Span.ofSamples(9));
            float[] whole = fill.between(BEFORE, AFTER, 9, 0, 9);
            float[] part = fill.between(BEFORE, AFTER, 9, 3, 7);
            for (int channel = 0; channel < 3; channel++) {
                assertThat(Arrays.copyOfRange(part, 4 * channel, 4 * channel + 4))
                        .containsExactly(
                                Arrays.copyOfRange(whole, 9 * channel + 3, 9 * channel + 7));
            }
        }
    }

    /** A gap may have more values than an array holds. */
    @Test
    void thePartOfALongGap() {
        int count = Integer.MAX_VALUE;
        GapFill fill = new GapFill(GapFill.Method.LINEAR, Span.ofSamples(count));
        assertThat(fill.between(new float[3], new float[] {1, 2, 3}, count, count - 1, count))
                .containsExactly(1, 2, 3);
    }
}
