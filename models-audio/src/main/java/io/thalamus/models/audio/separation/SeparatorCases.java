/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Recomputes stored cases, mixtures of any length, with all that lies between. */
final class SeparatorCases implements CaseRunner {
    private static final String MIXTURE = "mixture";
    private static final String SEPARATED = "separated";
    private static final String MASK = "mask";

    /** All of the first layer, and of the others what comes out. */
    private static final Pattern WANTED =
            Pattern.compile("(?!layer)(.+)|layer0\\..+|layer\\d+\\.(flash|fsmn)\\.out");

    private final SeparatorConfig config;
    private final ModelBundle bundle;
    private final GraphEngine engine;
    private SeparatorNetwork network;

    SeparatorCases(SeparatorConfig config, ModelBundle bundle, GraphEngine engine) {
        this.config = config;
        this.bundle = bundle;
        this.engine = engine;
    }

    @Override
    public Map<String, CaseTensor> run(JsonNode description, Map<String, CaseTensor> inputs) {
        CaseTensor mixtures = inputs.get(MIXTURE);
        if (mixtures == null || mixtures.shape().length != 2) {
            throw new InvalidInputException("the case has no mixtures: " + MIXTURE);
        }
        int items = mixtures.shape()[0];
        int samples = mixtures.shape()[1];
        open(samples);
        float[] values = mixtures.floats();
        Map<String, CaseTensor> all = new LinkedHashMap<>();
        for (int item = 0; item < items; item++) {
            int which = item;
            item(values, item * samples)
                    .forEach((name, tensor) -> place(name, tensor, which, items, all));
        }
        return all;
    }

    private void open(int samples) {
        if (network == null || network.samples() != samples) {
            close();
            network =
                    new SeparatorNetwork(
                            config,
                            bundle,
                            engine,
                            samples,
                            WANTED.asMatchPredicate(),
                            StreamModulator.none());
        }
    }

    /** One item's tensors, with an axis of one where items lie side by side. */
    private Map<String, Tensor> item(float[] mixtures, int from) {
        int speakers = config.speakers();
        float[] separated = network.separate(mixtures, from);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        network.taps()
                .forEach(
                        (name, tap) -> {
                            int[] shape = tap.shape();
                            if (name.equals(MASK)) {
                                shape = new int[] {speakers, 1, shape[1], shape[2]};
                            } else if (name.endsWith("dense.out")) {
                                shape = new int[] {1, shape[1], shape[2], 1};
                            }
                            tensors.put(name, Tensor.of(tap.data(), shape));
                        });
        tensors.put("decoder.raw", Tensor.of(network.raw(), speakers, 1, network.length()));
        tensors.put(SEPARATED, Tensor.of(separated, speakers, 1, network.samples()));
        return tensors;
    }

    /** Puts an item's tensor beside those of the others. */
    private static void place(
            String name, Tensor tensor, int item, int items, Map<String, CaseTensor> all) {
        int axis =
                name.equals(MASK) || name.equals(SEPARATED) || name.equals("decoder.raw") ? 1 : 0;
        int[] shape = tensor.shape().clone();
        shape[axis] *= items;
        CaseTensor whole =
                all.computeIfAbsent(
                        name, any -> new CaseTensor(shape, new double[Tensor.size(shape)]));
        int outer = axis == 0 ? 1 : shape[0];
        int inner = tensor.size() / outer;
        for (int i = 0; i < outer; i++) {
            for (int j = 0; j < inner; j++) {
                whole.values()[(i * items + item) * inner + j] = tensor.data()[i * inner + j];
            }
        }
    }

    @Override
    public Map<String, CaseTensor> record(SignalFrame window) {
        Map<String, CaseTensor> tensors = new LinkedHashMap<>();
        float[] samples = Arrays.copyOf(window.samples(), window.length());
        tensors.put(MIXTURE, CaseTensor.of(samples, 1, samples.length));
        CaseTensor separated = run(MissingNode.getInstance(), tensors).get(SEPARATED);
        tensors.put(SEPARATED, separated);
        return tensors;
    }

    @Override
    public void close() {
        if (network != null) {
            network.close();
            network = null;
        }
    }
}
