/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.rate.Resample;
import io.thalamus.operators.signal.rate.ResampleTo;
import io.thalamus.schemas.SampleRate;
import java.util.List;

/** The transforms of {@code operators.signal.rate}, as steps of a pipeline. */
final class RateTransforms {
    private static final Key<SampleRate> RATE =
            Key.absent("rate", KeyTypes.RATE, "as up and down say", "the rate of what comes out");
    private static final Key<Integer> UP =
            Key.absent("up", KeyTypes.integer(1), "as rate says", "so many samples come out");
    private static final Key<Integer> DOWN =
            Key.absent(
                    "down", KeyTypes.integer(1), "as rate says", "for so many samples that go in");

    private static final Key<Double> BETA =
            Key.optional(
                    "beta",
                    KeyTypes.NUMBER,
                    Resample.BETA,
                    "5",
                    "of the filter's Kaiser window; the larger, the more is suppressed, and the"
                            + " less steeply");

    static final List<TransformType> TYPES =
            List.of(
                    new TransformType(
                            "resample",
                            "Changes the sample rate, up or down, and removes what the lower rate"
                                    + " cannot carry.",
                            List.of(RATE, UP, DOWN, BETA),
                            (section, context) -> resample(section)));

    private RateTransforms() {}

    private static SignalTransform resample(Section section) {
        boolean ratio = section.has(UP) || section.has(DOWN);
        if (section.has(RATE) == ratio || section.has(UP) != section.has(DOWN)) {
            section.wrong(RATE, "give either rate, or up and down");
            return null;
        }
        SampleRate rate = section.get(RATE);
        if (rate != null) {
            return new ResampleTo(rate, section.get(BETA));
        }
        Integer up = section.get(UP);
        Integer down = section.get(DOWN);
        return up == null || down == null ? null : new Resample(up, down, section.get(BETA));
    }
}
