/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import static io.thalamus.operators.signal.filter.Golden.SHAPE;
import static io.thalamus.operators.signal.filter.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.List;
import org.junit.jupiter.api.Test;

class NotchTest extends SignalTransformContract {
    private static final SampleRate RATE = SampleRate.ofHertz(1000);

    /** Many channels, which are filtered side by side, with an odd number of sections. */
    @Override
    protected SignalTransform transform() {
        return new Notch(0.4, 2, 3);
    }

    @Override
    protected int channels() {
        return 17;
    }

    @Test
    void filtersAsTheReference() {
        Golden golden = Golden.of("iir-notch");
        double[] b = golden.vector("b");
        double[] a = golden.vector("a");
        assertClose(
                new Notch(50, 30).sections(RATE).coefficients(),
                new double[] {b[0], b[1], b[2], a[0], a[1], a[2]},
                1e-12);
        assertClose(
                SignalChain.whole(golden.signal("in"), SHAPE, List.of(new Notch(50, 30))),
                golden.signal("out"),
                1e-9);
    }

    @Test
    void takesAwayTheMultiplesBelowHalfTheRate() {
        double[][] in = new double[3][20_000];
        for (int n = 0; n < in[0].length; n++) {
            in[0][n] = Math.sin(2 * Math.PI * 200 * n / 1000);
            in[1][n] = Math.sin(2 * Math.PI * 400 * n / 1000);
            in[2][n] = Math.sin(2 * Math.PI * 300 * n / 1000);
        }
        double[][] out = SignalChain.whole(in, SHAPE, List.of(new Notch(200, 30, 9)));
        assertThat(new Notch(200, 30, 9).sections(RATE).count()).isEqualTo(2);
        assertThat(new Notch(200, 30, 1).sections(RATE).count()).isEqualTo(1);
        assertThat(largestAtTheEnd(out[0])).isLessThan(1e-9);
        assertThat(largestAtTheEnd(out[1])).isLessThan(1e-9);
        assertThat(largestAtTheEnd(out[2])).isBetween(0.9, 1.0);
    }

    @Test
    void saysWhatIsWrongWithItsFigures() {
        assertThatThrownBy(() -> new Notch(0, 30))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("notch: the frequency is 0.0 Hz; give a positive one");
        assertThatThrownBy(() -> new Notch(50, Double.NaN))
                .hasMessage("notch: q is NaN; give a positive number");
        assertThatThrownBy(() -> new Notch(50, 30, 0))
                .hasMessage("notch: harmonics is 0; give at least 1, for the frequency itself");
        assertThatThrownBy(() -> new Notch(500, 30).prepare(SHAPE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "notch: the frequency is 500.0 Hz; at a sample rate of 1000 Hz it must be"
                                + " below 500.0 Hz");
        assertThatThrownBy(() -> new Notch(50, 0.1).prepare(SHAPE))
                .hasMessage(
                        "notch: the width at 50.0 Hz is 500.0 Hz; at a sample rate of 1000 Hz it"
                                + " must be below 500.0 Hz");
    }

    private static double largestAtTheEnd(double[] signal) {
        double largest = 0;
        for (int n = signal.length - 1000; n < signal.length; n++) {
            largest = Math.max(largest, Math.abs(signal[n]));
        }
        return largest;
    }
}
