/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.RateRatio;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.fourier.Kaiser;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;

/**
 * {@link Resample Changes the sample rate} to a given one, by the exact ratio of the two: 44.1 kHz
 * to 16 kHz is 160/441. A stream of that rate stays as it is, bit for bit.
 *
 * @param rate the sample rate of what comes out
 * @param beta of the window, as of {@link Resample}
 */
public record ResampleTo(SampleRate rate, double beta) implements SignalTransform {

    public ResampleTo {
        new Kaiser(beta);
    }

    /** Under the usual window. */
    public ResampleTo(SampleRate rate) {
        this(rate, Resample.BETA);
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        return ratioFrom(input.rate()).prepare(input);
    }

    private Resample ratioFrom(SampleRate input) {
        RateRatio ratio;
        try {
            ratio = RateRatio.of(input, rate);
        } catch (ArithmeticException e) {
            throw new InvalidInputException(
                    "resample: the ratio of %s to %s is beyond 64 bits; choose a simpler rate"
                            .formatted(rate, input),
                    e);
        }
        return new Resample(ratio.outputs(), ratio.inputs(), beta);
    }
}
