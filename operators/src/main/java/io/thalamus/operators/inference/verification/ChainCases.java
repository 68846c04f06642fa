/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Several operators one after the other. */
final class ChainCases {
    static final Map<String, OperatorCase> ALL = Map.of("chain", ChainCases::chain);

    private static final List<String> KNOWN =
            List.of("butterworth", "notch", "resample", "rereference", "standardise");

    private ChainCases() {}

    /** What the reference calls the output of a step, and the step. */
    private record Step(String name, SignalTransform transform) {}

    /** The output of every step, and the last once more as {@code out}. */
    private static Map<String, CaseTensor> chain(
            BundleConfig config, Map<String, CaseTensor> inputs) {
        BundleConfig parameters = config.section("parameters");
        CaseSignal in = CaseSignal.of(inputs, "in");
        StreamShape shape = in.shape(CaseSignal.rate(parameters, "sampleRateHz"));
        Map<String, CaseTensor> found = new LinkedHashMap<>();
        List<SignalTransform> transforms = new ArrayList<>();
        for (BundleConfig entry : parameters.sections("steps")) {
            Step step = step(entry, parameters);
            transforms.add(step.transform);
            CaseTensor out = in.like(SignalChain.whole(in.samples(), shape, transforms));
            found.put(step.name, out);
            found.put("out", out);
        }
        return found;
    }

    private static Step step(BundleConfig entry, BundleConfig parameters) {
        if (entry.has("butterworth")) {
            BundleConfig section = entry.section("butterworth");
            return new Step(section.text("type"), FilterCases.butterworth(section));
        }
        if (entry.has("notch")) {
            return new Step("notch", FilterCases.notch(entry.section("notch")));
        }
        if (entry.has("resample")) {
            return new Step("resample", RateCases.resample(entry.section("resample")));
        }
        if (entry.has("rereference")) {
            return new Step(
                    entry.text("rereference"), SpatialCases.reference(entry, "rereference"));
        }
        if (entry.has("standardise")) {
            return new Step("standardise", AmplitudeCases.given(entry.section("standardise")));
        }
        throw parameters.wrong("steps", "a list of steps, each one of " + KNOWN);
    }
}
