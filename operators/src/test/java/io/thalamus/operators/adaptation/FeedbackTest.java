/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FeedbackTest {
    @Test
    void oneClassAloneHasNoError() {
        assertThat(Feedback.ofShares(new float[] {1}).error()).isZero();
        assertThat(Feedback.ofClasses(new float[] {3}, 1).error()).isZero();
        assertThat(Feedback.ofClasses(new float[] {3}, 1).amidst(new double[] {1})).isZero();
    }
}
