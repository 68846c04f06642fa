/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;

/**
 * Takes the offset of each channel away, as it drifts: {@code y[n] = x[n] - x[n-1] + r * y[n-1]}, a
 * high-pass of first order whose transient falls to {@code 1/e} in {@code 1 / (2 pi cutoff)}
 * seconds, with {@code r = exp(-2 pi cutoff / rate)} (J. O. Smith, Introduction to Digital Filters,
 * "DC Blocker").
 *
 * @param cutoff in hertz; the gain is close to {@code 1 / sqrt(2)} there, if it is well below the
 *     sample rate
 */
public record DcRemoval(double cutoff) implements RecursiveFilter {

    /**
     * @throws InvalidInputException if the cutoff is not usable at any sample rate
     */
    public DcRemoval {
        if (!Double.isFinite(cutoff) || cutoff <= 0) {
            throw new InvalidInputException(
                    "remove-dc: the cutoff is %s Hz; give a positive frequency".formatted(cutoff));
        }
    }

    @Override
    public SecondOrderSections sections(SampleRate rate) {
        Nyquist.check("remove-dc: the cutoff", cutoff, rate);
        double r = StrictMath.exp(-2 * Math.PI * cutoff / rate.hertz());
        return new SecondOrderSections(1, -1, 0, 1, -r, 0);
    }
}
