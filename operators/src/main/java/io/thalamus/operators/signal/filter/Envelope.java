/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.operators.signal.Cascade;
import io.thalamus.operators.signal.MissingGuard;
import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.fourier.Taper;
import io.thalamus.schemas.InvalidInputException;

/**
 * How strong a signal is at each sample: the magnitude of the signal and its Hilbert transform, in
 * the input's unit, channel by channel. For streams: the Hilbert transform is a filter of finite
 * response, of odd length and odd symmetry (type III), designed by the window method (Oppenheim and
 * Schafer, Discrete-Time Signal Processing, section 12.4). {@link
 * io.thalamus.operators.signal.fourier.AnalyticSignal} is the exact one, of whole recordings.
 *
 * <p>A wave between {@code 2 rate / taps} Hz, and as far below half the rate, has its amplitude
 * within 0.5 % under a Hamming taper; slower ones, and an offset, come out too small or as ripple,
 * so that a band-pass or {@link DcRemoval} belongs before it.
 *
 * <p>Output sample {@code m} is the envelope at input sample {@code m}. Latency: {@code (taps - 1)
 * / 2} samples; a segment is continued by zeros at both ends. What is missing comes out as missing.
 *
 * @param taps length of the filter in samples, odd and at least 3
 * @param taper fades the ideal response in and out
 * @param smoothing cutoff in Hz of a low-pass behind it, a {@link Butterworth} of order {@value
 *     #SMOOTHING_ORDER}, by whose group delay the envelope then lags, {@code 0.225 / cutoff}
 *     seconds for slow changes, and which may fall a little below zero behind a sudden end;
 *     infinity for none
 */
public record Envelope(int taps, Taper taper, double smoothing) implements SignalTransform {
    private static final int SMOOTHING_ORDER = 2;
    private static final int MOST_TAPS = 1 << 16;

    public Envelope {
        if (taps < 3 || taps > MOST_TAPS || taps % 2 == 0) {
            throw new InvalidInputException(
                    "envelope: taps is %d; give an odd number from 3 to %d"
                            .formatted(taps, MOST_TAPS - 1));
        }
        if (!(smoothing > 0)) {
            throw new InvalidInputException(
                    "envelope: smoothing is %s Hz; give a positive frequency".formatted(smoothing));
        }
    }

    /** Not smoothed. */
    public Envelope(int taps, Taper taper) {
        this(taps, taper, Double.POSITIVE_INFINITY);
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        if (Double.isInfinite(smoothing)) {
            return MissingGuard.around(
                    new Aligned(new Quadrature(input, taps, taper), (taps - 1) / 2), input);
        }
        return Cascade.of(
                        new Envelope(taps, taper),
                        new Butterworth(Band.lowPass(smoothing), SMOOTHING_ORDER))
                .prepare(input);
    }
}
