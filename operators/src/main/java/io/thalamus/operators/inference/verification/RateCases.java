/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.rate.Resample;
import io.thalamus.schemas.SampleRate;
import java.util.List;
import java.util.Map;

/** The operators of {@code operators.signal.rate}. */
final class RateCases {
    static final Map<String, OperatorCase> ALL = Map.of("resample", RateCases::resample);

    /** What {@link Resample} is made for; a case that says otherwise is another operator's. */
    private static final String WINDOW = "kaiser";

    private static final String HALF_LENGTH = "10*max(up,down)";

    private RateCases() {}

    private static Map<String, CaseTensor> resample(
            BundleConfig config, Map<String, CaseTensor> inputs) {
        Resample resample = resample(config.section("parameters"));
        CaseSignal in = CaseSignal.of(inputs, "in");
        return Map.of(
                "out",
                in.like(
                        SignalChain.whole(
                                in.samples(), in.shape(SampleRate.ofHertz(1)), List.of(resample))));
    }

    /** A change of rate as {@code up} and {@code down} describe it. */
    static Resample resample(BundleConfig parameters) {
        if (parameters.has("window") && !parameters.text("window").equals(WINDOW)) {
            throw parameters.wrong("window", WINDOW);
        }
        if (parameters.has("halfLength") && !parameters.text("halfLength").equals(HALF_LENGTH)) {
            throw parameters.wrong("halfLength", HALF_LENGTH);
        }
        return new Resample(
                parameters.integer("up", 1),
                parameters.integer("down", 1),
                parameters.number("beta", Resample.BETA));
    }
}
