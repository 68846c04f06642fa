/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.operators.signal.MissingGuard;
import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.fourier.Taper;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;

/**
 * A filter of finite response, designed by the window method (SciPy's {@code firwin}), at rest
 * before a segment's first sample; units stay. All frequencies lag by the same {@code (taps - 1) /
 * 2} samples, which can be taken back.
 *
 * <p>Filters of up to {@value #MOST_DIRECT} taps are computed sample by sample, without latency.
 * Longer ones are computed by FFT, in blocks that are counted from the segment's first sample: they
 * give their output block by block, with a latency of a block less one sample. A block has {@code
 * size - taps + 1} samples, where the size is the smallest power of two of at least four times the
 * taps.
 *
 * @param band what it lets through
 * @param taps its length in samples, at least 2; odd, if it is to let half the sample rate through,
 *     or to be aligned
 * @param taper fades the ideal response in and out
 * @param align whether the lag is taken back: output sample {@code m} then belongs to input sample
 *     {@code m}, and comes {@code (taps - 1) / 2} samples later; beyond its end, a segment is
 *     continued by zeros
 */
public record FirFilter(Band band, int taps, Taper taper, boolean align)
        implements SignalTransform {
    /**
     * By FFT it is faster from about 64 taps on, and at 128 by a factor of two to three. Up to
     * there, being without latency is worth more.
     */
    static final int MOST_DIRECT = 128;

    private static final int MOST_TAPS = 1 << 16;

    /**
     * @throws InvalidInputException if there is no such filter at any sample rate
     */
    public FirFilter {
        if (taps < 2 || taps > MOST_TAPS) {
            throw new InvalidInputException(
                    "fir: taps is %d; give a number from 2 to %d".formatted(taps, MOST_TAPS));
        }
        boolean even = taps % 2 == 0;
        Band.Kind kind = band.kind();
        if (even && (kind == Band.Kind.HIGH_PASS || kind == Band.Kind.BAND_STOP)) {
            throw new InvalidInputException(
                    "fir: taps is %d; a %s takes an odd number of taps, as an even one has no gain at half the rate"
                            .formatted(taps, kind));
        }
        if (even && align) {
            throw new InvalidInputException(
                    "fir: taps is %d; a filter that is aligned takes an odd number of taps, as an even one lags by half a sample"
                            .formatted(taps));
        }
    }

    /**
     * The response to a single 1, for signals of a rate.
     *
     * @throws InvalidInputException if there is no such filter at this rate
     */
    public double[] response(SampleRate rate) {
        band.check(rate);
        return FirDesign.taps(band, taps, taper, rate);
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        double[] response = response(input.rate());
        PreparedTransform convolution =
                taps <= MOST_DIRECT
                        ? new DirectConvolution(input, response)
                        : new OverlapSave(input, response);
        return MissingGuard.around(
                align ? new Aligned(convolution, (taps - 1) / 2) : convolution, input);
    }
}
