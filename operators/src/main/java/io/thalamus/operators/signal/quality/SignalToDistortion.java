/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.quality;

import java.util.function.IntToDoubleFunction;

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
        return ratio(n -> estimate[n], n -> reference[n], reference.length);
    }

    /**
     * The ratio of a stretch of an estimate to the same of its reference, as {@link
     * #scaleInvariant(double[], double[])} has it, to the bit.
     *
     * @param from the first sample of the stretch
     * @param to the sample behind its last one
     */
    public static double scaleInvariant(float[] estimate, float[] reference, int from, int to) {
        return ratio(n -> estimate[from + n], n -> reference[from + n], to - from);
    }

    private static double ratio(
            IntToDoubleFunction estimate, IntToDoubleFunction reference, int length) {
        double estimateMean = mean(estimate, length);
        double referenceMean = mean(reference, length);
        double product = 0;
        double power = 0;
        for (int n = 0; n < length; n++) {
            double s = reference.applyAsDouble(n) - referenceMean;
            product += (estimate.applyAsDouble(n) - estimateMean) * s;
            power += s * s;
        }
        if (power == 0) {
            return Double.NaN;
        }
        double scale = product / power;
        double distortion = 0;
        for (int n = 0; n < length; n++) {
            double rest =
                    estimate.applyAsDouble(n)
                            - estimateMean
                            - scale * (reference.applyAsDouble(n) - referenceMean);
            distortion += rest * rest;
        }
        double target = scale * scale * power;
        return target == 0 ? Double.NEGATIVE_INFINITY : 10 * StrictMath.log10(target / distortion);
    }

    private static double mean(IntToDoubleFunction values, int length) {
        double sum = 0;
        for (int n = 0; n < length; n++) {
            sum += values.applyAsDouble(n);
        }
        return sum / length;
    }
}
