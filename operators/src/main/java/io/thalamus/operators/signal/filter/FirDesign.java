/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.operators.signal.fourier.Taper;
import io.thalamus.schemas.SampleRate;

/**
 * Design of filters of finite response by the window method, as SciPy's {@code firwin}: the ideal
 * response, cut to so many taps by a symmetric taper, and scaled to unit gain at frequency 0 for a
 * low-pass or band-stop, at half the rate for a high-pass, and in the middle of a band-pass
 * (Oppenheim and Schafer, Discrete-Time Signal Processing, section 7.5).
 */
final class FirDesign {
    private FirDesign() {}

    static double[] taps(Band band, int taps, Taper taper, SampleRate rate) {
        double[] weights = taper.symmetric(taps);
        double[] designed = new double[taps];
        double scaledAt = scaledAt(band, rate);
        double gain = 0;
        for (int n = 0; n < taps; n++) {
            double time = n - (taps - 1) / 2.0;
            designed[n] = ideal(band, rate, time) * weights[n];
            gain += designed[n] * StrictMath.cos(Math.PI * time * scaledAt);
        }
        for (int n = 0; n < taps; n++) {
            designed[n] /= gain;
        }
        return designed;
    }

    /** The response without end of a filter with straight edges. */
    private static double ideal(Band band, SampleRate rate, double time) {
        double first = lowPass(band.relative(0, rate), time);
        return switch (band.kind()) {
            case LOW_PASS -> first;
            case HIGH_PASS -> lowPass(1, time) - first;
            case BAND_PASS -> lowPass(band.relative(1, rate), time) - first;
            case BAND_STOP -> first + lowPass(1, time) - lowPass(band.relative(1, rate), time);
        };
    }

    private static double lowPass(double cutoff, double time) {
        double angle = Math.PI * cutoff * time;
        return angle == 0 ? cutoff : cutoff * StrictMath.sin(angle) / angle;
    }

    private static double scaledAt(Band band, SampleRate rate) {
        return switch (band.kind()) {
            case LOW_PASS, BAND_STOP -> 0;
            case HIGH_PASS -> 1;
            case BAND_PASS -> (band.relative(0, rate) + band.relative(1, rate)) / 2;
        };
    }
}
