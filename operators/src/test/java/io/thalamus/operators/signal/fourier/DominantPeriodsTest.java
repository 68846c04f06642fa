/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DominantPeriodsTest {

    static class Streamed extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return new DominantPeriods(12, 5, 3);
        }
    }

    /** A wave of 8 samples and a weaker one of 3, on an offset that is stronger than both. */
    @Test
    void followsTheWavesOfEachChannel() {
        double[][] in = new double[2][100];
        for (int n = 0; n < 100; n++) {
            in[0][n] = 9 + Math.sin(2 * Math.PI * n / 8) + 0.4 * Math.cos(2 * Math.PI * n / 3);
            in[1][n] = n < 48 ? Math.sin(2 * Math.PI * n / 6) : Math.sin(2 * Math.PI * n / 12);
        }
        in[0][99] = Double.NaN;
        StreamShape shape = new StreamShape(List.of("a", "b"), SampleRate.ofHertz(10));
        List<DominantPeriods> two = List.of(new DominantPeriods(24, 24, 2));
        double[][] out = SignalChain.whole(in, shape, two);
        assertThat(new SignalChain(shape, two).outputShape().channels())
                .containsExactly("a:period0", "a:period1", "b:period0", "b:period1");
        assertThat(out[0]).containsExactly(8, 8, 8, 8);
        assertThat(out[1]).containsExactly(3, 3, 3, 3);
        assertThat(out[2]).containsExactly(6, 6, 12, 12);
        double[][] late = SignalChain.whole(in, shape, List.of(new DominantPeriods(24, 76, 1)));
        assertThat(late[0]).containsExactly(8, Double.NaN);
        assertThat(late[1][1]).isEqualTo(12);
    }

    @Test
    void saysWhatCannotBe() {
        assertThatThrownBy(() -> new DominantPeriods(9, 1, 5))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "dominant-periods: count is 5; give a number from 1 to half the length, 4");
    }

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
