/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.SafetensorsWriter;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.util.FileUtils;

/**
 * A bundle that is being written.
 *
 * @param folder it lies in, which is no bundle's place yet
 */
record BundleFolder(Path folder) {
    private static final int CASES = 4;
    private static final String README = "README.md";
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** An empty one, whatever was there. */
    static BundleFolder empty(Path folder) throws IOException {
        FileUtils.deleteDirectory(folder.toFile());
        Files.createDirectories(folder);
        return new BundleFolder(folder);
    }

    /** Writes the network: what it is and its weights. */
    void writeNetwork(ObjectNode config, Map<String, Tensor> weights) throws IOException {
        config.putArray("cases");
        write(config);
        SafetensorsWriter.write(folder.resolve(ModelBundle.WEIGHTS), weights);
    }

    private void write(ObjectNode config) throws IOException {
        JSON.writeValue(folder.resolve(ModelBundle.CONFIG).toFile(), config);
    }

    /** Adds a few windows, evenly spread, and what the network as it will be deployed gives. */
    void writeCases(ObjectNode config, Examples examples, ModelFactory factory, GraphEngine engine)
            throws IOException {
        ArrayNode cases = config.putArray("cases");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (CaseRunner runner = factory.openCases(ModelBundle.open(folder), engine)) {
            int count = Math.min(CASES, examples.size());
            for (int i = 0; i < count; i++) {
                int index = count == 1 ? 0 : (int) ((long) i * (examples.size() - 1) / (count - 1));
                SignalFrame window = examples.get(index).window();
                String name = "window" + index;
                cases.addObject().put("name", name).put("description", describe(window));
                for (Map.Entry<String, CaseTensor> tensor : runner.record(window).entrySet()) {
                    CaseTensor values = tensor.getValue();
                    tensors.put(
                            name + "." + tensor.getKey(),
                            Tensor.of(values.floats(), values.shape()));
                }
            }
        }
        SafetensorsWriter.write(folder.resolve(ModelBundle.CASES), tensors);
        write(config);
    }

    private static String describe(SignalFrame window) {
        return "%d samples of %s from %s on, of the validation part"
                .formatted(
                        window.length(),
                        window.streamId(),
                        Instant.EPOCH.plusNanos(window.startNanos()));
    }

    void writeSummary(TrainingSummary summary, String name) throws IOException {
        JSON.writeValue(folder.resolve(ModelBundle.METRICS).toFile(), summary);
        Files.writeString(folder.resolve(README), BundleReadme.of(summary, name));
    }
}
