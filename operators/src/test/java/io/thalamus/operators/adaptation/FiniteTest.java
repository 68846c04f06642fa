/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FiniteTest {
    private static final int LONGEST = 11;

    @ParameterizedTest
    @ValueSource(floats = {0, -0f, Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE})
    void numbersAreFinite(float value) {
        for (int length = 0; length <= LONGEST; length++) {
            float[] values = new float[length];
            Arrays.fill(values, value);
            assertThat(Finite.are(values)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void oneThatIsNoneIsFoundWhereverItIs(float value) {
        for (int length = 1; length <= LONGEST; length++) {
            for (int at = 0; at < length; at++) {
                float[] values = new float[length];
                values[at] = value;
                assertThat(Finite.are(values)).isFalse();
            }
        }
    }
}
