/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DctTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 30, 97, 128})
    void agreesWithTheDefinitions(int length) {
        double[] x = new Random(length).doubles(length, -1, 1).toArray();
        double[] type2 = new double[length];
        double[] type3 = new double[length];
        for (int k = 0; k < length; k++) {
            type3[k] = x[0];
            for (int n = 0; n < length; n++) {
                type2[k] += 2 * x[n] * Math.cos(Math.PI * k * (2 * n + 1) / (2 * length));
                if (n > 0) {
                    type3[k] += 2 * x[n] * Math.cos(Math.PI * n * (2 * k + 1) / (2 * length));
                }
            }
        }
        double[] found = new double[length];
        Dct.plain(length).type2(x, found);
        assertThat(found).containsExactly(type2, within(1e-12));
        Dct.plain(length).type3(x, found);
        assertThat(found).containsExactly(type3, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 97, 128})
    void theOrthonormalOneKeepsTheEnergyAndIsItsOwnInverse(int length) {
        double[] x = new Random(length).doubles(length, -1, 1).toArray();
        Dct dct = Dct.orthonormal(length);
        double[] there = new double[length];
        dct.type2(x, there);
        assertThat(energy(there)).isCloseTo(energy(x), within(1e-12));
        double[] back = there.clone();
        dct.type3(back, back);
        assertThat(back).containsExactly(x, within(1e-12));
        dct.type2(back, back);
        assertThat(back).containsExactly(there, within(1e-12));
    }

    private static double energy(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return sum;
    }
}
