/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

/**
 * Someone who speaks nonsense, sample after sample: a row of syllables. Each is a pause, a hiss and
 * a vowel, of uniformly drawn lengths: the pause lasts 0.05 to 0.15 s, every fourth 0.3 to 0.6 s,
 * the hiss 0.05 to 0.1 s, the vowel 0.12 to 0.25 s. Hiss and vowel rise and fall over 10 ms at each
 * end, {@code edge(t) = (1 - cos(pi min(1, d / 0.01))) / 2} with {@code d} the time to the nearer
 * end. With {@code e} independent normal deviates and {@code p} the pitch,
 *
 * <pre>
 * hiss(n)  = 0.025 (e(n) - 0.95 e(n - 1))
 * vowel(t) = 0.1 sum_k a_k sin(k phi(t)),   k f0(t) below 5 kHz and 0.45 of the rate
 * a_k      = 0.3 / k + sum_j g_j exp(-((k f0 - F_j) / B_j)^2),   g = 1, 0.6, 0.3
 * f0(t)    = p (1 + 0.1 sin(2 pi 2.1 t)) Hz,        phi the integral of 2 pi f0
 * </pre>
 *
 * where the formants {@code F} of a syllable are those of one of five vowels, by chance, and {@code
 * B = 80, 120, 180} Hz.
 */
final class Voice {
    private static final double TWO_PI = 2 * StrictMath.PI;
    private static final double EDGE = 0.01;

    /** The first three formants of a, e, i, o and u, in hertz. */
    private static final double[][] VOWELS = {
        {730, 1090, 2440}, {530, 1840, 2480}, {270, 2290, 3010}, {570, 840, 2410}, {300, 870, 2240}
    };

    private static final double[] FORMANT_GAINS = {1, 0.6, 0.3};
    private static final double[] FORMANT_WIDTHS = {80, 120, 180};

    private final Noise syllables;
    private final Noise breath;
    private final int hertz;
    private final double middlePitch;

    private Syllable syllable;
    private long next;
    private int number;
    private double phase;
    private double lastBreath;

    /**
     * @param noise what is drawn from, by its branches 1 and 2
     * @param hertz the sample rate
     * @param middlePitch in hertz
     */
    Voice(Noise noise, int hertz, double middlePitch) {
        this.syllables = noise.branch(1);
        this.breath = noise.branch(2);
        this.hertz = hertz;
        this.middlePitch = middlePitch;
        this.syllable = Syllable.after(0, number, syllables);
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

    /** The next sample, between -1 and 1. */
    double next() {
        double t = (double) next++ / hertz;
        if (t >= syllable.end) {
            syllable = Syllable.after(syllable.end, ++number, syllables);
        }
        double pitch = middlePitch + middlePitch / 10 * StrictMath.sin(TWO_PI * 2.1 * t);
        phase = (phase + TWO_PI * pitch / hertz) % TWO_PI;
        double nextBreath = breath.normal();
        double speech = 0;
        if (t >= syllable.vowel) {
            speech = edge(t, syllable.vowel, syllable.end) * vowel(pitch);
        } else if (t >= syllable.hiss) {
            double hiss = 0.025 * (nextBreath - 0.95 * lastBreath);
            speech = edge(t, syllable.hiss, syllable.vowel) * hiss;
        }
        lastBreath = nextBreath;
        return speech;
    }

    /** Rises at a start and falls at an end, over 10 ms. */
    static double edge(double t, double start, double end) {
        double distance = Math.min(t - start, end - t);
        return (1 - StrictMath.cos(StrictMath.PI * Math.min(1, distance / EDGE))) / 2;
    }

    private double vowel(double pitch) {
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
