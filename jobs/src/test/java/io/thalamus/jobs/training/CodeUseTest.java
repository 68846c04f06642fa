/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CodeUseTest {

    @Test
    void codesOfEqualSharesAreAsManyAsThereAre() {
        CodeUse use = use(new int[] {7, 3}, new int[] {3, 7, 5}, new int[] {5});
        assertThat(use.different()).isEqualTo(3);
        assertThat(use.perplexity()).isCloseTo(3, within(1e-12));
    }

    /** Of shares 3/4 and 1/4 the entropy is {@code 2 ln 2 - 3/4 ln 3}. */
    @Test
    void aRareCodeCountsLess() {
        assertThat(use(new int[] {0, 0, 0, 9}).perplexity())
                .isCloseTo(4 / Math.pow(3, 0.75), within(1e-12));
    }

    @Test
    void oneCodeTellsNothing() {
        assertThat(use(new int[] {4, 4})).isEqualTo(new CodeUse(1, 1));
    }

    @Test
    void aNetworkWithoutCodesUsesNone() {
        assertThat(use(new int[0])).isNull();
    }

    private static CodeUse use(int[]... batches) {
        CodeUse.Count count = new CodeUse.Count();
        for (int[] batch : batches) {
            count.add(batch);
        }
        return count.use();
    }
}
