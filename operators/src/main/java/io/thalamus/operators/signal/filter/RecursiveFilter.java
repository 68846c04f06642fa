/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.operators.signal.MissingGuard;
import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.SampleRate;

/**
 * A filter whose output goes back into it: second-order sections, one after the other, on each
 * channel by itself, whose unit stays. Causal, without latency, and at rest before a segment's
 * first sample (SciPy's {@code sosfilt}). The signal lags by {@link
 * SecondOrderSections#groupDelay}, which depends on the frequency; {@link ZeroPhase} filters
 * recordings without it.
 */
public interface RecursiveFilter extends SignalTransform {

    /**
     * The sections for signals of a rate.
     *
     * @throws io.thalamus.schemas.InvalidInputException if there is no such filter at this rate
     */
    SecondOrderSections sections(SampleRate rate);

    @Override
    default PreparedTransform prepare(StreamShape input) {
        return MissingGuard.around(new SectionCascade(input, sections(input.rate())), input);
    }
}
