/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DominantPeriodsTest {

    @Test
    void leavesOutTheMean() {
        assertThat(find(2, 100, 1, 3, 2)).containsExactly(2, 3);
    }

    @Test
    void takesTheLowerOfEqualBins() {
        assertThat(find(3, 0, 0, 0, 0, 0)).containsExactly(1, 2, 3);
        assertThat(find(3, 0, 1, 2, 1, 2)).containsExactly(2, 4, 1);
    }

    @Test
    void refusesMoreBinsThanThereAre() {
        assertThat(find(2, 0, 1, 2)).containsExactly(2, 1);
        assertThatThrownBy(() -> find(3, 0, 1, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void roundsPeriodsDown() {
        assertThat(DominantPeriods.period(192, 1)).isEqualTo(192);
        assertThat(DominantPeriods.period(192, 9)).isEqualTo(21);
        assertThat(DominantPeriods.period(192, 96)).isEqualTo(2);
    }

    /** Small whole numbers, so that there are many ties. */
    @Property
    void findsWhatAStableSortFinds(
            @ForAll @Size(min = 2, max = 40) List<@IntRange(max = 5) Integer> amplitudes,
            @ForAll @IntRange(min = 1, max = 40) int wanted) {
        int count = Math.min(wanted, amplitudes.size() - 1);
        int[] sorted =
                IntStream.range(1, amplitudes.size())
                        .boxed()
                        .sorted(Comparator.comparing(amplitudes::get, Comparator.reverseOrder()))
                        .limit(count)
                        .mapToInt(Integer::intValue)
                        .toArray();
        assertThat(find(count, amplitudes.stream().mapToDouble(a -> a).toArray()))
                .isEqualTo(sorted);
    }

    private static int[] find(int count, double... amplitudes) {
        int[] strongest = new int[count];
        DominantPeriods.find(amplitudes, strongest);
        return strongest;
    }
}
