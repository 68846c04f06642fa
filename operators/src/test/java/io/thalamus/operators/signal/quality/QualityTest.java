/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.schemas.SampleRate;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class QualityTest {
    private static final SampleRate RATE = SampleRate.ofHertz(16_000);

    @Test
    void theRatioIsThatOfThePowersOfTargetAndRest() {
        double[] reference = {1, -1, 1, -1};
        double[] estimate = {3.5, -2.5, 2.5, -3.5};
        assertThat(SignalToDistortion.scaleInvariant(estimate, reference))
                .isCloseTo(10 * Math.log10(9 / 0.25), within(1e-12));
        assertThat(SignalToDistortion.scaleInvariant(reference, reference))
                .isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Property(tries = 50)
    void scaleAndOffsetDoNotMatter(
            @ForAll long seed,
            @ForAll @DoubleRange(min = 0.01, max = 1000) double gain,
            @ForAll @DoubleRange(min = -100, max = 100) double offset) {
        double[] reference = noise(seed, 500);
        double[] other = noise(seed + 1, 500);
        double[] estimate = new double[500];
        double[] changed = new double[500];
        for (int n = 0; n < 500; n++) {
            estimate[n] = reference[n] + 0.3 * other[n];
            changed[n] = gain * (estimate[n] + offset);
        }
        assertThat(SignalToDistortion.scaleInvariant(changed, reference))
                .isCloseTo(SignalToDistortion.scaleInvariant(estimate, reference), within(1e-6));
    }

    @Test
    void aStretchOfFloatsGivesTheSameBits() {
        float[] reference = {9, 1, -1, 1.5f, -1, 9};
        float[] estimate = {7, 3.5f, -2.5f, 2.5f, -3.5f, 7};
        assertThat(SignalToDistortion.scaleInvariant(estimate, reference, 1, 5))
                .isEqualTo(
                        SignalToDistortion.scaleInvariant(
                                new double[] {3.5, -2.5, 2.5, -3.5},
                                new double[] {1, -1, 1.5, -1}));
    }

    @Test
    void silenceHasNothingOfASignalAndIsNoReference() {
        double[] signal = noise(1, 100);
        assertThat(SignalToDistortion.scaleInvariant(new double[100], signal))
                .isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(SignalToDistortion.scaleInvariant(signal, new double[100])).isNaN();
    }

    @Test
    void onlyFramesWithAnAudibleFarEndCount() {
        double[] far = new double[3 * 320 + 100];
        Arrays.fill(far, 0, 320, 1);
        Arrays.fill(far, 320, 640, 0.0099);
        Arrays.fill(far, 640, far.length, 0.0101);
        double[] microphone = new double[far.length];
        Arrays.fill(microphone, 1);
        double[] output = new double[far.length];
        Arrays.fill(output, 0, 320, 0.5);
        Arrays.fill(output, 320, 640, 7);
        Arrays.fill(output, 640, 960, 0.1);
        Arrays.fill(output, 960, output.length, 9);
        assertThat(EchoReturnLoss.enhancement(microphone, far, output, RATE, 0))
                .isCloseTo(10 * Math.log10(2 / 0.26), within(1e-9));
        assertThat(EchoReturnLoss.enhancement(microphone, far, output, RATE, 1))
                .isCloseTo(20, within(1e-9));
        assertThat(EchoReturnLoss.enhancement(microphone, far, new double[far.length], RATE, 0))
                .isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(EchoReturnLoss.enhancement(microphone, far, output, RATE, 641)).isNaN();
        assertThat(EchoReturnLoss.enhancement(microphone, new double[far.length], output, RATE, 0))
                .isNaN();
    }

    @Test
    void cleanSpeechIsUnderstoodWhateverItsLevel() {
        double[] clean = noise(3, 16_000);
        double[] loud = Arrays.stream(clean).map(x -> 30 * x).toArray();
        Intelligibility found = Intelligibility.of(loud, clean, RATE);
        assertThat(found.stoi()).isCloseTo(1, within(1e-9));
        assertThat(found.estoi()).isCloseTo(1, within(1e-9));
    }

    @Test
    void silenceIsNotUnderstood() {
        double[] clean = noise(3, 16_000);
        assertThat(Intelligibility.of(new double[16_000], clean, RATE))
                .isEqualTo(new Intelligibility(0, 0));
        assertThat(Intelligibility.of(clean, new double[16_000], RATE).stoi()).isNaN();
    }

    /** Thirty frames of 256 samples, half overlapped, are 3968 samples at 10 kHz. */
    @Test
    void speechShorterThanASegmentHasNoFigure() {
        SampleRate rate = SampleRate.ofHertz(10_000);
        assertThat(Intelligibility.of(noise(1, 3968), noise(1, 3968), rate).stoi())
                .isCloseTo(1, within(1e-9));
        assertThat(Intelligibility.of(noise(1, 3967), noise(1, 3967), rate).stoi()).isNaN();
        assertThat(Intelligibility.of(noise(1, 200), noise(1, 200), rate).estoi()).isNaN();
        assertThat(Intelligibility.of(new double[0], new double[0], rate).estoi()).isNaN();
    }

    @Test
    void signalsOfOtherLengthsAreRefused() {
        double[] four = new double[4];
        double[] five = new double[5];
        assertThatThrownBy(() -> SignalToDistortion.scaleInvariant(four, five))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one has 5, another 4");
        assertThatThrownBy(() -> EchoReturnLoss.enhancement(four, five, four, RATE, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Intelligibility.of(four, five, RATE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static double[] noise(long seed, int count) {
        return new Random(seed).doubles(count, -1, 1).toArray();
    }
}
