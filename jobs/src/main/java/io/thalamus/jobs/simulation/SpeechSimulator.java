/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import io.thalamus.schemas.SampleRate;
import java.util.List;

/**
 * Makes up what a microphone hears of someone who speaks nonsense beside a badly shielded cable:
 * one channel, in the steps of a converter of 16 bits, whose range is -1 to 1 below.
 *
 * <p>The speech is a row of syllables. Each is a pause, a hiss and a vowel, of uniformly drawn
 * lengths: the pause lasts 0.05 to 0.15 s, every fourth 0.3 to 0.6 s, the hiss 0.05 to 0.1 s, the
 * vowel 0.12 to 0.25 s. Hiss and vowel rise and fall over 10 ms at each end, {@code edge(t) = (1 -
 * cos(pi min(1, d / 0.01))) / 2} with {@code d} the time to the nearer end. With {@code e}
 * independent normal deviates,
 *
 * <pre>
 * hiss(n)  = 0.025 (e(n) - 0.95 e(n - 1))
 * vowel(t) = 0.1 sum_k a_k sin(k phi(t)),   k f0(t) below 5 kHz and 0.45 of the rate
 * a_k      = 0.3 / k + sum_j g_j exp(-((k f0 - F_j) / B_j)^2),   g = 1, 0.6, 0.3
 * f0(t)    = 120 + 12 sin(2 pi 2.1 t) Hz,        phi the integral of 2 pi f0
 * </pre>
 *
 * where the formants {@code F} of a syllable are those of one of five vowels, by chance, and {@code
 * B = 80, 120, 180} Hz. The microphone gives
 *
 * <pre>
 * x(t) = edge hiss or edge vowel + 0.03 sin(2 pi 50 t) + 0.015 sin(2 pi 150 t) + 0.02 + 0.002 e'
 * </pre>
 *
 * @param seed the same seed makes the same signal
 * @param hertz the sample rate
 * @param seconds how long it is
 */
public record SpeechSimulator(long seed, int hertz, double seconds) implements SignalSimulator {
    private static final double TWO_PI = 2 * StrictMath.PI;
    private static final double EDGE = 0.01;

    /** The first three formants of a, e, i, o and u, in hertz. */
    private static final double[][] VOWELS = {
        {730, 1090, 2440}, {530, 1840, 2480}, {270, 2290, 3010}, {570, 840, 2410}, {300, 870, 2240}
    };

    private static final double[] FORMANT_GAINS = {1, 0.6, 0.3};
    private static final double[] FORMANT_WIDTHS = {80, 120, 180};

    public SpeechSimulator {
        if (hertz < 1000) {
            throw new IllegalArgumentException(
                    "speech is sampled at least 1000 times a second, not " + hertz);
        }
        SignalSimulator.samples(SampleRate.ofHertz(hertz), seconds);
    }

    @Override
    public List<String> channels() {
        return List.of("microphone");
    }

    @Override
    public SampleRate rate() {
        return SampleRate.ofHertz(hertz);
    }

    @Override
    public int decimals() {
        return 0;
    }

    /** The times at which a syllable's parts end, and its vowel. */
    private record Syllable(double start, double hiss, double vowel, double end, int formants) {

        static Syllable after(double time, int number, Noise noise) {
            double pause =
                    number % 4 == 3 ? 0.3 + 0.3 * noise.uniform() : 0.05 + 0.1 * noise.uniform();
            double hiss = time + pause;
            double vowel = hiss + 0.05 + 0.05 * noise.uniform();
            double end = vowel + 0.12 + 0.13 * noise.uniform();
            return new Syllable(time, hiss, vowel, end, noise.between(0, VOWELS.length - 1));
        }
    }

    @Override
    public short[][] steps() {
        Noise noise = new Noise(seed);
        Noise syllables = noise.branch(1);
        Noise breath = noise.branch(2);
        Noise amplifier = noise.branch(3);
        short[] steps = new short[SignalSimulator.samples(rate(), seconds)];
        int number = 0;
        Syllable syllable = Syllable.after(0, number, syllables);
        double phase = 0;
        double lastBreath = 0;
        for (int n = 0; n < steps.length; n++) {
            double t = (double) n / hertz;
            if (t >= syllable.end) {
                syllable = Syllable.after(syllable.end, ++number, syllables);
            }
            double pitch = 120 + 12 * StrictMath.sin(TWO_PI * 2.1 * t);
            phase = (phase + TWO_PI * pitch / hertz) % TWO_PI;
            double nextBreath = breath.normal();
            double speech = 0;
            if (t >= syllable.vowel) {
                speech = edge(t, syllable.vowel, syllable.end) * vowel(syllable, pitch, phase);
            } else if (t >= syllable.hiss) {
                double hiss = 0.025 * (nextBreath - 0.95 * lastBreath);
                speech = edge(t, syllable.hiss, syllable.vowel) * hiss;
            }
            lastBreath = nextBreath;
            double hum =
                    0.03 * StrictMath.sin(TWO_PI * 50 * t)
                            + 0.015 * StrictMath.sin(TWO_PI * 150 * t);
            double x = speech + hum + 0.02 + 0.002 * amplifier.normal();
            steps[n] = SignalSimulator.convert(x * Short.MAX_VALUE);
        }
        return new short[][] {steps};
    }

    private static double edge(double t, double start, double end) {
        double distance = Math.min(t - start, end - t);
        return (1 - StrictMath.cos(StrictMath.PI * Math.min(1, distance / EDGE))) / 2;
    }

    private double vowel(Syllable syllable, double pitch, double phase) {
        double highest = Math.min(5000, 0.45 * hertz);
        double sum = 0;
        for (int k = 1; k * pitch < highest; k++) {
            double amplitude = 0.3 / k;
            for (int j = 0; j < FORMANT_GAINS.length; j++) {
                double off = (k * pitch - VOWELS[syllable.formants][j]) / FORMANT_WIDTHS[j];
                amplitude += FORMANT_GAINS[j] * StrictMath.exp(-off * off);
            }
            sum += amplitude * StrictMath.sin(k * phase);
        }
        return 0.1 * sum;
    }
}
