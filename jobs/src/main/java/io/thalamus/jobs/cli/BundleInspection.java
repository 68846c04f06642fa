/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.Safetensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is in a model bundle; as JSON, an object with these fields.
 *
 * @param bundle the folder
 * @param architecture the network
 * @param parameters numbers in its weights, stored buffers included
 * @param signature what it wants and gives
 * @param weights the shape of each weight
 * @param metrics what the bundle says of its training, or null, and then not in the JSON
 */
record BundleInspection(
        String bundle,
        String architecture,
        long parameters,
        Signature signature,
        Map<String, List<Integer>> weights,
        @JsonInclude(JsonInclude.Include.NON_NULL) JsonNode metrics) {

    /** See {@link ModelSignature}. */
    record Signature(
            int channels,
            int windowLength,
            int windowStep,
            int horizon,
            boolean carriesState,
            String result) {}

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
                        signature.windowStep(),
                        signature.horizon(),
                        signature.carriesState(),
                        signature.result().getSimpleName()),
                shapes,
                bundle.metrics().map(BundleConfig::root).orElse(null));
    }

    /** For people. */
    String text() {
        Lines lines = new Lines();
        lines.add("bundle", bundle);
        lines.add("architecture", architecture);
        lines.add("parameters", "%,d".formatted(parameters));
        lines.add(
                "takes",
                "windows of %d channels x %d samples%s%s"
                        .formatted(
                                signature.channels,
                                signature.windowLength,
                                signature.windowStep > 0
                                        ? " or %d more, any number of times"
                                                .formatted(signature.windowStep)
                                        : "",
                                signature.carriesState ? ", and remembers" : ""));
        lines.add(
                "gives",
                signature.result
                        + (signature.horizon > 0
                                ? " of %d samples".formatted(signature.horizon)
                                : ""));
        if (metrics != null) {
            addTraining(lines);
        }
        weights.forEach((name, shape) -> lines.add("weight", name + " " + shape));
        return lines.toString();
    }

    /** What metrics of a training here tell in few words; others are in the JSON alone. */
    private void addTraining(Lines lines) {
        JsonNode data = metrics.path("data");
        if (data.path("recordings").isTextual()) {
            lines.add(
                    "trained",
                    "%s, on %s (%,d rows), split %s"
                            .formatted(
                                    metrics.path("task").asText(),
                                    data.path("recordings").asText(),
                                    data.path("rows").asLong(),
                                    data.path("split").asText()));
        }
        JsonNode best = metrics.path("best");
        if (best.path("validation").isNumber()) {
            lines.add(
                    "best epoch",
                    String.format(
                            Locale.ROOT,
                            "%d of %d, validation loss %.4f",
                            best.path("epoch").asInt(),
                            metrics.path("epochs").size(),
                            best.path("validation").asDouble()));
        }
        metrics.path("test")
                .properties()
                .forEach(
                        figure -> {
                            if (figure.getValue().isNumber()) {
                                lines.add(
                                        "test",
                                        "%s %s".formatted(figure.getKey(), figure.getValue()));
                            }
                        });
    }
}
