/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.quality;

/**
 * The scale-invariant signal-to-distortion ratio (SI-SDR): the power of what an estimate has of its
 * reference over the power of all else in it (Le Roux, Wisdom, Erdogan and Hershey, "SDR -
 * Half-baked or Well Done?", ICASSP 2019, equation 4), both with their means removed.
 */
public final class SignalToDistortion {
    private SignalToDistortion() {}

    /**
     * The ratio of an estimate {@code e} to its reference {@code s}: {@code 10 log10(|a s|^2 / |e -
     * a s|^2)} with {@code a = <e, s> / <s, s>}.
     *
     * @param estimate as many samples as the reference, in any unit
     * @param reference what was to be found
     * @return in dB; infinite for the reference itself, minus infinity for an estimate that has
     *     nothing of it, as silence has, NaN where the reference is silent
     */
    public static double scaleInvariant(double[] estimate, double[] reference) {
        SameLength.check(reference, estimate);
        double estimateMean = mean(estimate);
        double referenceMean = mean(reference);
        double product = 0;
        double power = 0;
        for (int n = 0; n < reference.length; n++) {
            double s = reference[n] - referenceMean;
            product += (estimate[n] - estimateMean) * s;
            power += s * s;
        }
        if (power == 0) {
            return Double.NaN;
        }
        double scale = product / power;
        double distortion = 0;
        for (int n = 0; n < reference.length; n++) {
            double rest = estimate[n] - estimateMean - scale * (reference[n] - referenceMean);
            distortion += rest * rest;
        }
        double target = scale * scale * power;
        return target == 0 ? Double.NEGATIVE_INFINITY : 10 * StrictMath.log10(target / distortion);
    }

    /**
     * By how much an estimate is better than the unprocessed mixture (SI-SDRi), in dB.
     *
     * @param mixture as many samples as the reference
     */
    public static double improvement(double[] estimate, double[] mixture, double[] reference) {
        return scaleInvariant(estimate, reference) - scaleInvariant(mixture, reference);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
