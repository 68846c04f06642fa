/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.amplitude.Gain;
import io.thalamus.operators.signal.filter.Band;
import io.thalamus.operators.signal.filter.Butterworth;
import io.thalamus.operators.signal.filter.FirFilter;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.signal.fourier.Stft;
import io.thalamus.operators.signal.rate.Resample;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.List;
import org.junit.jupiter.api.Test;

class CascadeTest {
    private static final StreamShape ONE = new StreamShape(List.of("a"), SampleRate.ofHertz(3));
    private static final SignalTransform ALIGNED =
            new FirFilter(Band.lowPass(0.4), 11, StandardTaper.HAMMING, true);

    static class OfOneRate extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return Cascade.of(new Butterworth(Band.highPass(0.2), 2), ALIGNED, new Gain(2));
        }
    }

    /** A ratio below 1 after one above it, so that output samples fall between input samples. */
    static class OfSeveralRates extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return Cascade.of(
                    new Resample(1, 3),
                    new Resample(2, 1),
                    new FirFilter(Band.lowPass(0.4), 11, StandardTaper.HAMMING, true));
        }

        @Override
        protected int samples() {
            return 600;
        }
    }

    static class Nested extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return Cascade.of(
                    Cascade.of(ALIGNED, new Gain(3)), new Stft(8, 4, StandardTaper.HANN, true));
        }
    }

    @Test
    void isItsTransformsOneAfterTheOther() {
        double[][] in = new double[1][90];
        for (int n = 0; n < 90; n++) {
            in[0][n] = Math.sin(0.3 * n) + n % 5;
        }
        List<SignalTransform> steps =
                List.of(new Butterworth(Band.highPass(0.2), 2), ALIGNED, new Resample(1, 2));
        double[][] found = SignalChain.whole(in, ONE, List.of(new Cascade(steps)));
        assertThat(found[0]).hasSize(45).containsExactly(SignalChain.whole(in, ONE, steps)[0]);
    }

    @Test
    void addsLatenciesAndLags() {
        SignalTransform lagging =
                new FirFilter(Band.lowPass(0.4), 11, StandardTaper.HAMMING, false);
        int down = new Resample(1, 3).prepare(ONE).latency();
        PreparedTransform prepared = Cascade.of(lagging, new Resample(1, 3), ALIGNED).prepare(ONE);
        assertThat(prepared.latency()).isEqualTo(down + 3 * 5);
        assertThat(prepared.groupDelay()).isEqualTo(5);
        // A sample between two of every third waits for the later one.
        int up = new Resample(2, 1).prepare(ONE).latency();
        assertThat(Cascade.of(new Resample(1, 3), new Resample(2, 1)).prepare(ONE).latency())
                .isEqualTo(down + 3 * (up + 1));
        assertThat(prepared.outputShape().rate()).isEqualTo(SampleRate.ofHertz(1));
        assertThat(Cascade.of(new Resample(1, 3), lagging).prepare(ONE).groupDelay()).isEqualTo(15);
        assertThat(
                        Cascade.of(lagging, new Butterworth(Band.lowPass(1), 2))
                                .prepare(ONE)
                                .groupDelay())
                .isNaN();
    }

    @Test
    void wantsATransform() {
        assertThatThrownBy(() -> new Cascade(List.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("a cascade has no transforms; give at least one");
    }
}
