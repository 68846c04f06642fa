/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.SampleRate;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SignalSimulatorTest {
    private static final SpeechSimulator SPEECH = new SpeechSimulator(1, 16_000, 4);
    private static final SeegSimulator SEEG = new SeegSimulator(1, 2000, 8, 2, 4);

    private static final short[] SPEECH_START = {624, 761, 683, 706, 777};
    private static final short[] SEEG_START = {-326, 177, 83, 303, 358};

    @Test
    void theSameSeedMakesTheSameSignalEverywhere() {
        assertThat(Arrays.copyOf(SPEECH.steps()[0], 5)).containsExactly(SPEECH_START);
        assertThat(Arrays.copyOf(SEEG.steps()[0], 5)).containsExactly(SEEG_START);
        assertThat(new SpeechSimulator(1, 16_000, 1).steps()[0])
                .isEqualTo(Arrays.copyOf(SPEECH.steps()[0], 16_000));
        assertThat(new SpeechSimulator(2, 16_000, 1).steps()[0])
                .isNotEqualTo(Arrays.copyOf(SPEECH.steps()[0], 16_000));
        assertThat(new SeegSimulator(2, 2000, 8, 2, 4).steps()[0]).isNotEqualTo(SEEG.steps()[0]);
    }

    @Test
    void speechHasPausesAndSyllablesAboveTheHum() {
        short[] steps = SPEECH.steps()[0];

        double[] levels = new double[4 * 50];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = deviation(steps, i * 320, 320) / Short.MAX_VALUE;
        }
        Arrays.sort(levels);

        // of 20 ms each: the hum alone has sqrt((0.03^2 + 0.015^2) / 2) = 0.024
        assertThat(levels[levels.length / 5]).isBetween(0.02, 0.028);
        assertThat(levels[levels.length * 4 / 5]).isGreaterThan(0.05);
        assertThat(levels[levels.length - 1]).isLessThan(0.4);
        assertThat(mean(steps) / Short.MAX_VALUE).isBetween(0.015, 0.025);
        assertThat(amplitude(steps, 16_000, 50) / Short.MAX_VALUE).isBetween(0.028, 0.032);
        assertThat(amplitude(steps, 16_000, 60) / Short.MAX_VALUE).isLessThan(0.003);
    }

    /** Far end alone, near end alone, both; the echo comes 40 ms later. */
    @Test
    void theMicrophoneOfACallHearsBothEnds() {
        CallSimulator call = new CallSimulator(1, 6);
        short[][] steps = call.steps();
        int third = 32_000;

        assertThat(call.channels()).containsExactly("microphone", "far-end");
        assertThat(deviation(steps[1], third, third)).isZero();
        assertThat(deviation(steps[0], third, third)).isGreaterThan(500);
        for (int start : new int[] {0, 2 * third}) {
            double farEnd = deviation(steps[1], start, third);
            assertThat(farEnd).isGreaterThan(500);
            assertThat(correlation(steps, start, third, 640)).isGreaterThan(0.35);
            assertThat(correlation(steps, start, third, 3000)).isBetween(-0.3, 0.3);
        }
        assertThat(new CallSimulator(1, 6).steps()).isDeepEqualTo(steps);
        assertThat(new CallSimulator(2, 6).steps()[0]).isNotEqualTo(steps[0]);
        float[] frame = call.frames("s").get(1).samples();
        assertThat(frame[1600]).isEqualTo(steps[1][1600] / 32_768f);
    }

    /** Of the microphone with the far end so many samples before. */
    private static double correlation(short[][] steps, int from, int length, int lag) {
        double product = 0;
        double microphone = 0;
        double farEnd = 0;
        for (int n = from + lag; n < from + length; n++) {
            product += (double) steps[0][n] * steps[1][n - lag];
            microphone += (double) steps[0][n] * steps[0][n];
            farEnd += (double) steps[1][n - lag] * steps[1][n - lag];
        }
        return product / Math.sqrt(microphone * farEnd);
    }

    @Test
    void depthElectrodesHaveRhythmsOnABackgroundThatFallsWithFrequency() {
        short[][] steps = SEEG.steps();

        assertThat(SEEG.channels())
                .containsExactly("LA1", "LA2", "LA3", "LA4", "LB1", "LB2", "LB3", "LB4");
        assertThat(power(steps[0], 3, 7)).isGreaterThan(4 * power(steps[0], 23, 27));
        assertThat(power(steps[0], 23, 27)).isGreaterThan(4 * power(steps[0], 300, 304));
        assertThat(amplitude(steps[0], 2000, 10)).isGreaterThan(10 * 10);
        assertThat(amplitude(steps[0], 2000, 10)).isGreaterThan(amplitude(steps[3], 2000, 10));
        double hum = amplitude(steps[0], 2000, 50);
        assertThat(hum).isBetween(10 * 15.0, 10 * 45.0);
        assertThat(amplitude(steps[0], 2000, 100)).isBetween(0.4 * hum, 0.6 * hum);
        assertThat(amplitude(steps[0], 2000, 150)).isBetween(0.28 * hum, 0.39 * hum);
    }

    @Test
    void oneElectrodePopsAndOneIsNotPluggedIn() {
        short[][] steps = SEEG.steps();

        assertThat(steps[7]).containsOnly(0);
        int pop = 2000 * 8 / 3 + 1;
        assertThat(steps[1][pop] - steps[1][pop - 1]).isGreaterThan(7000);
        assertThat(steps[0][pop] - steps[0][pop - 1]).isLessThan(1000);
    }

    @Test
    void impossibleParametersAreRefused() {
        assertThatThrownBy(() -> new SpeechSimulator(1, 100, 1)).hasMessageContaining("1000");
        assertThatThrownBy(() -> new SpeechSimulator(1, 8000, 0)).hasMessageContaining("seconds");
        assertThatThrownBy(() -> new SpeechSimulator(1, 8000, Double.NaN))
                .hasMessageContaining("seconds");
        assertThatThrownBy(() -> new SeegSimulator(1, 300, 1, 1, 2)).hasMessageContaining("400");
        assertThatThrownBy(() -> new SeegSimulator(1, 2000, 1, 27, 2)).hasMessageContaining("26");
        assertThatThrownBy(() -> new SeegSimulator(1, 2000, 1, 1, 1)).hasMessageContaining("2");
        assertThatThrownBy(() -> new SeegSimulator(1, 2000, 1e9, 1, 2))
                .hasMessageContaining("100,000,000 samples: at 2000 Hz");
        assertThat(SignalSimulator.samples(SampleRate.ofHertz(3), 0.34)).isEqualTo(1);
    }

    private static double power(short[] steps, int low, int high) {
        double sum = 0;
        for (double hertz = low; hertz < high; hertz += 0.125) {
            double amplitude = amplitude(steps, 2000, hertz);
            sum += amplitude * amplitude;
        }
        return sum;
    }

    /** That of the part of the signal with this frequency. */
    private static double amplitude(short[] steps, int rate, double hertz) {
        double real = 0;
        double imaginary = 0;
        for (int n = 0; n < steps.length; n++) {
            real += steps[n] * Math.cos(2 * Math.PI * hertz * n / rate);
            imaginary += steps[n] * Math.sin(2 * Math.PI * hertz * n / rate);
        }
        return 2 * Math.hypot(real, imaginary) / steps.length;
    }

    private static double mean(short[] steps) {
        double sum = 0;
        for (short step : steps) {
            sum += step;
        }
        return sum / steps.length;
    }

    private static double deviation(short[] steps, int from, int length) {
        short[] part = Arrays.copyOfRange(steps, from, from + length);
        double mean = mean(part);
        double sum = 0;
        for (short step : part) {
            sum += (step - mean) * (step - mean);
        }
        return Math.sqrt(sum / length);
    }
}
