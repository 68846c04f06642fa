/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class MethodComparisonTest {
    @Test
    void comparesStreamByStream() {
        List<MethodComparison> all =
                MethodComparison.all(
                        List.of("source", "one", "other"),
                        List.of(
                                new double[] {10, 20, 30, 40},
                                new double[] {8, 20, 33, 30},
                                new double[] {10, 20, 30, 40}));

        assertThat(all)
                .extracting(pair -> pair.method() + " - " + pair.other())
                .containsExactly("one - source", "other - source", "other - one");
        MethodComparison first = all.get(0);
        // The differences are -2, 0, 3 and -10.
        assertThat(first.difference()).isEqualTo(-2.25);
        double squares = 0.25 * 0.25 + 2.25 * 2.25 + 5.25 * 5.25 + 7.75 * 7.75;
        assertThat(first.standardError()).isCloseTo(Math.sqrt(squares / 3 / 4), within(1e-12));
        assertThat(List.of(first.better(), first.equal(), first.worse())).containsExactly(2, 1, 1);
        assertThat(all.get(1)).isEqualTo(new MethodComparison("other", "source", 0, 0, 0, 4, 0));
        assertThat(all.get(2).difference()).isEqualTo(2.25);
    }

    @Test
    void ofOneStreamNoErrorIsKnown() {
        MethodComparison only =
                MethodComparison.of("one", "other", new double[] {1}, new double[] {2});
        assertThat(only.difference()).isEqualTo(-1);
        assertThat(only.standardError()).isNaN();
    }
}
