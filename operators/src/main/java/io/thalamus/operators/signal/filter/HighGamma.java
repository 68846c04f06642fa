/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.operators.signal.Cascade;
import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.schemas.InvalidInputException;
import java.util.List;

/**
 * The envelope of the high-gamma band, which follows the firing of the neurons around a contact: a
 * {@link Butterworth} band-pass, the {@link Envelope} and its smoothing, in the input's unit. The
 * band of 70 to 150 Hz is that of Bouchard, Mesgarani, Johnson and Chang, "Functional Organization
 * of Human Sensorimotor Cortex for Speech Articulation", Nature 495, 2013, and lies within the 50
 * to 150 Hz that Lachaux, Axmacher, Mormann, Halgren and Crone review for depth electrodes,
 * "High-Frequency Neural Activity and Human Cognition", Progress in Neurobiology 98, 2012.
 * Harmonics of the mains lie in it; a {@link Notch} belongs before it.
 *
 * <p>The Hilbert transform takes as many taps as the lowest frequency needs at the stream's rate,
 * {@code 2 ceil(rate / lowest) + 1}, so that the latency is {@code ceil(rate / lowest)} samples.
 * The envelope lags by the group delays of the band-pass and the smoothing. What is missing comes
 * out as missing.
 *
 * @param cutoffs of the band-pass in Hz, two, ascending
 * @param order of the band-pass's prototype
 * @param smoothing cutoff in Hz of the low-pass behind the envelope; infinity for none
 */
public record HighGamma(List<Double> cutoffs, int order, double smoothing)
        implements SignalTransform {

    /** 70 to 150 Hz, of order 4, smoothed at 10 Hz. */
    public static final HighGamma STANDARD = new HighGamma(List.of(70.0, 150.0), 4, 10);

    /** The longest Hilbert transform that {@link Envelope} takes, in samples before its middle. */
    private static final int MOST_LATENCY = (1 << 15) - 1;

    public HighGamma {
        cutoffs = List.copyOf(cutoffs);
        bandPass(cutoffs, order);
        envelope(1, smoothing);
    }

    private static SignalTransform bandPass(List<Double> cutoffs, int order) {
        return new Butterworth(new Band(Band.Kind.BAND_PASS, cutoffs), order);
    }

    private static SignalTransform envelope(int latency, double smoothing) {
        return new Envelope(2 * latency + 1, StandardTaper.HAMMING, smoothing);
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        double latency = Math.ceil(input.rate().hertz() / cutoffs.get(0));
        if (latency > MOST_LATENCY) {
            throw new InvalidInputException(
                    "high-gamma: the lower cutoff is %s Hz; at a sample rate of %s give at least %s Hz"
                            .formatted(
                                    cutoffs.get(0),
                                    input.rate(),
                                    input.rate().hertz() / MOST_LATENCY));
        }
        return Cascade.of(bandPass(cutoffs, order), envelope((int) latency, smoothing))
                .prepare(input);
    }
}
