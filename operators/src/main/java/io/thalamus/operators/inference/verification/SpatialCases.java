/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.spatial.AverageReference;
import io.thalamus.operators.signal.spatial.Bipolar;
import io.thalamus.operators.signal.spatial.MedianReference;
import io.thalamus.schemas.SampleRate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The operators of {@code operators.signal.spatial}. */
final class SpatialCases {
    static final Map<String, OperatorCase> ALL = Map.of("rereference", SpatialCases::rereference);

    private static final Map<String, SignalTransform> REFERENCES =
            new TreeMap<>(
                    Map.of(
                            "average", new AverageReference(),
                            "median", new MedianReference(),
                            "bipolar", new Bipolar(Bipolar.Neighbours.IN_ORDER)));

    private SpatialCases() {}

    /** Every reference, under its name. */
    private static Map<String, CaseTensor> rereference(
            BundleConfig config, Map<String, CaseTensor> inputs) {
        CaseSignal in = CaseSignal.of(inputs, "in");
        Map<String, CaseTensor> found = new LinkedHashMap<>();
        REFERENCES.forEach(
                (name, reference) ->
                        found.put(
                                name,
                                in.like(
                                        SignalChain.whole(
                                                in.samples(),
                                                in.shape(SampleRate.ofHertz(1)),
                                                List.of(reference)))));
        return found;
    }

    /** The reference that a field names. */
    static SignalTransform reference(BundleConfig parameters, String field) {
        SignalTransform reference = REFERENCES.get(parameters.text(field));
        if (reference == null) {
            throw parameters.wrong(field, "one of " + REFERENCES.keySet());
        }
        return reference;
    }
}
