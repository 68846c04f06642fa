/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.RateSchedule;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TrainableModel;
import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.operators.inference.TrainingRecipe;
import io.thalamus.operators.inference.TrainingState;
import io.thalamus.operators.inference.TrainingTask;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * The smallest network that learns: each output is a weighted sum of all samples of a window, and
 * of one. It learns by gradient descent with momentum on the mean square error, or, of classes, on
 * the cross entropy; a tenth of the inputs, drawn for each batch, is left out as it learns.
 */
public final class LinearNetwork implements ModelFactory {
    private static final String WEIGHT = "weight";
    private static final String MOMENTUM = "momentum";
    private static final double KEPT = 0.9;

    @Override
    public String architecture() {
        return "linear";
    }

    @Override
    public TrainingRecipe recipe(TrainingTask task) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("architecture", architecture());
        config.put("task_name", task.name());
        config.put("channels", task.channels().size());
        config.put("window", 8);
        config.put("horizon", task.name().endsWith("forecast") ? 4 : 0);
        task.classes().forEach(config.putArray("classes")::add);
        config.put("kind", "model");
        config.putArray("inputs").add("window");
        return new TrainingRecipe(config, 16, 5, 2, 0.02, RateSchedule.HALVING);
    }

    @Override
    public ModelSignature signature(ModelBundle bundle) {
        BundleConfig config = bundle.config();
        return new ModelSignature(
                bundle.name(),
                config.integer("channels", 1),
                bundle.channelNames(),
                config.integer("window", 1),
                config.integer("horizon", 0),
                config.text("task_name").equals("imputation"),
                false,
                Forecast.class);
    }

    @Override
    public void check(ModelBundle bundle) {
        weight(bundle);
    }

    private static float[] weight(ModelBundle bundle) {
        Safetensors weights = bundle.weights();
        int inputs = inputs(bundle.config());
        return bundle.weight(weights, WEIGHT, outputs(bundle.config()), inputs + 1).data();
    }

    private static int inputs(BundleConfig config) {
        return config.integer("channels", 1) * config.integer("window", 1);
    }

    private static int outputs(BundleConfig config) {
        int horizon = config.integer("horizon", 0);
        int classes = config.root().path("classes").size();
        return classes > 0
                ? classes
                : horizon > 0 ? config.integer("channels", 1) * horizon : inputs(config);
    }

    private static double[] apply(float[] weight, int outputs, float[] window, boolean[] kept) {
        double[] sums = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            int row = o * (window.length + 1);
            sums[o] = weight[row + window.length];
            for (int i = 0; i < window.length; i++) {
                sums[o] += kept[i] && Float.isFinite(window[i]) ? weight[row + i] * window[i] : 0;
            }
        }
        return sums;
    }

    private static float[] apply(float[] weight, int outputs, SignalFrame window) {
        boolean[] all = new boolean[window.samples().length];
        Arrays.fill(all, true);
        double[] sums = apply(weight, outputs, window.samples(), all);
        float[] values = new float[outputs];
        for (int o = 0; o < outputs; o++) {
            values[o] = (float) sums[o];
        }
        return values;
    }

    @Override
    public StreamModel open(ModelBundle bundle, GraphEngine engine) {
        float[] weight = weight(bundle);
        int outputs = outputs(bundle.config());
        ModelSignature signature = signature(bundle);
        return new StreamModel() {
            @Override
            public ModelSignature signature() {
                return signature;
            }

            @Override
            public List<ModelOutput> infer(List<ModelInput> batch) {
                return batch.stream()
                        .map(
                                input ->
                                        new ModelOutput(
                                                apply(weight, outputs, input.window()),
                                                CarriedState.empty()))
                        .toList();
            }

            @Override
            public List<WireRecord> interpret(SignalFrame window, ModelOutput output) {
                return List.of(Forecast.after(window, output.values(), signature.model()));
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
    }

    @Override
    public CaseRunner openCases(ModelBundle bundle, GraphEngine engine) {
        float[] weight = weight(bundle);
        int outputs = outputs(bundle.config());
        int channels = bundle.config().integer("channels", 1);
        return new CaseRunner() {
            @Override
            public Map<String, CaseTensor> run(
                    JsonNode description, Map<String, CaseTensor> inputs) {
                float[] window = inputs.get("window").floats();
                boolean[] all = new boolean[window.length];
                Arrays.fill(all, true);
                double[] output = apply(weight, outputs, window, all);
                return Map.of("output", new CaseTensor(new int[] {outputs}, output));
            }

            @Override
            public Map<String, CaseTensor> record(SignalFrame window) {
                CaseTensor input = CaseTensor.of(window.samples(), channels, window.length());
                return Map.of(
                        "window",
                        input,
                        "output",
                        run(null, Map.of("window", input)).get("output"));
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
    }

    @Override
    public TrainableModel train(
            ModelBundle draft, Optional<ModelBundle> former, GraphEngine engine, long seed) {
        BundleConfig config = draft.config();
        boolean classifies = config.root().path("classes").size() > 0;
        return new Trainable(inputs(config), outputs(config), classifies, seed);
    }

    private static final class Trainable implements TrainableModel {
        private final int inputs;
        private final int outputs;
        private final boolean classifies;
        private final long seed;
        private final float[] weight;
        private final float[] momentum;
        private long steps;

        private Trainable(int inputs, int outputs, boolean classifies, long seed) {
            this.inputs = inputs;
            this.outputs = outputs;
            this.classifies = classifies;
            this.seed = seed;
            this.weight = new float[outputs * (inputs + 1)];
            this.momentum = new float[weight.length];
            Random random = new Random(seed);
            for (int i = 0; i < weight.length; i++) {
                weight[i] = (float) (0.1 * random.nextGaussian());
            }
        }

        @Override
        public double learn(List<TrainingExample> batch, double learningRate) {
            Random random = new Random(31 * seed + steps++);
            boolean[] kept = new boolean[inputs];
            for (int i = 0; i < inputs; i++) {
                kept[i] = random.nextDouble() < KEPT;
            }
            double[] gradient = new double[weight.length];
            double loss = 0;
            for (TrainingExample example : batch) {
                float[] window = example.window().samples();
                double[] errors = apply(weight, outputs, window, kept);
                loss += toErrors(errors, example.target());
                for (int o = 0; o < outputs; o++) {
                    int row = o * (inputs + 1);
                    gradient[row + inputs] += errors[o];
                    for (int i = 0; i < inputs; i++) {
                        boolean used = kept[i] && Float.isFinite(window[i]);
                        gradient[row + i] += used ? errors[o] * window[i] : 0;
                    }
                }
            }
            for (int i = 0; i < weight.length; i++) {
                momentum[i] = (float) (KEPT * momentum[i] + gradient[i] / batch.size());
                weight[i] -= (float) (learningRate * momentum[i]);
            }
            return loss / batch.size();
        }

        /** Puts the gradient of the loss in the place of the outputs, and gives the loss. */
        private double toErrors(double[] values, float[] target) {
            return classifies ? crossEntropy(values, (int) target[0]) : square(values, target);
        }

        private static double crossEntropy(double[] values, int is) {
            double largest = Arrays.stream(values).max().orElseThrow();
            double sum = Arrays.stream(values).map(value -> Math.exp(value - largest)).sum();
            double loss = Math.log(sum) + largest - values[is];
            for (int o = 0; o < values.length; o++) {
                values[o] = Math.exp(values[o] - largest) / sum - (o == is ? 1 : 0);
            }
            return loss;
        }

        private static double square(double[] values, float[] target) {
            double loss = 0;
            int compared = 0;
            for (float wanted : target) {
                compared += Float.isNaN(wanted) ? 0 : 1;
            }
            for (int o = 0; o < values.length; o++) {
                double error = Float.isNaN(target[o]) ? 0 : values[o] - target[o];
                loss += error * error / compared;
                values[o] = 2 * error / compared;
            }
            return loss;
        }

        @Override
        public double loss(List<TrainingExample> batch) {
            double loss = 0;
            for (TrainingExample example : batch) {
                float[] output = apply(weight, outputs, example.window());
                double[] values = new double[outputs];
                for (int o = 0; o < outputs; o++) {
                    values[o] = output[o];
                }
                loss += toErrors(values, example.target());
            }
            return loss / batch.size();
        }

        @Override
        public List<float[]> predict(List<TrainingExample> batch) {
            return batch.stream().map(example -> apply(weight, outputs, example.window())).toList();
        }

        @Override
        public Map<String, Tensor> weights() {
            return Map.of(WEIGHT, tensor(weight));
        }

        private Tensor tensor(float[] values) {
            return Tensor.of(values.clone(), outputs, inputs + 1);
        }

        @Override
        public TrainingState state() {
            return new TrainingState(
                    steps, Map.of(WEIGHT, tensor(weight), MOMENTUM, tensor(momentum)));
        }

        @Override
        public void restore(TrainingState state) {
            steps = state.steps();
            System.arraycopy(state.tensors().get(WEIGHT).data(), 0, weight, 0, weight.length);
            System.arraycopy(state.tensors().get(MOMENTUM).data(), 0, momentum, 0, weight.length);
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
