/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.Safetensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is in a model bundle; as JSON, an object with these fields.
 *
 * @param bundle the folder
 * @param architecture the network
 * @param parameters numbers in its weights, stored buffers included
 * @param signature what it wants and gives
 * @param weights the shape of each weight
 */
record BundleInspection(
        String bundle,
        String architecture,
        long parameters,
        Signature signature,
        Map<String, List<Integer>> weights) {

    /** See {@link ModelSignature}. */
    record Signature(
            int channels, int windowLength, int horizon, boolean carriesState, String result) {}

    /**
     * @param location where it lies, also where the bundle is a copy of it
     */
    static BundleInspection of(String location, ModelBundle bundle) {
        ModelSignature signature =
                ModelFactories.forBundle(bundle, BundleInspection.class.getClassLoader())
                        .signature(bundle);
        Safetensors weights = bundle.weights();
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        long parameters = 0;
        for (String name : weights.names()) {
            int[] shape = weights.shape(name);
            shapes.put(name, Arrays.stream(shape).boxed().toList());
            parameters += Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b);
        }
        return new BundleInspection(
                location,
                bundle.config().text("architecture"),
                parameters,
                new Signature(
                        signature.channels(),
                        signature.windowLength(),
                        signature.horizon(),
                        signature.carriesState(),
                        signature.result().getSimpleName()),
                shapes);
    }

    /** For people. */
    String text() {
        Lines lines = new Lines();
        lines.add("bundle", bundle);
        lines.add("architecture", architecture);
        lines.add("parameters", "%,d".formatted(parameters));
        lines.add(
                "takes",
                "windows of %d channels x %d samples%s"
                        .formatted(
                                signature.channels,
                                signature.windowLength,
                                signature.carriesState ? ", and remembers" : ""));
        lines.add(
                "gives",
                signature.result
                        + (signature.horizon > 0
                                ? " of %d samples".formatted(signature.horizon)
                                : ""));
        weights.forEach((name, shape) -> lines.add("weight", name + " " + shape));
        return lines.toString();
    }
}
