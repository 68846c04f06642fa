/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import io.thalamus.operators.adaptation.Axis;
import io.thalamus.operators.adaptation.ComplexHebbianLayer;
import io.thalamus.operators.adaptation.HebbianLayer;
import io.thalamus.operators.adaptation.HebbianRule;
import io.thalamus.operators.adaptation.Patches;
import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.CaseTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The Hebbian layers of {@code operators.adaptation}, and the files of the operator's cases. */
final class HebbianCases {
    private static final int STEPS = 5;

    static final Map<String, OperatorFile> FILES =
            Map.of(
                    "softhebb_linear", OperatorFile.of("x|w0", HebbianCases::layer),
                    "softhebb_conv1d", OperatorFile.of("x|w0", HebbianCases::layer),
                    "softhebb_conv2d", OperatorFile.of("x|w0", HebbianCases::layer),
                    "softhebb_complex", OperatorFile.of("(x|w0)_(re|im)", HebbianCases::complex),
                    "neuromodulated_step",
                            OperatorFile.of(
                                    "x_\\d|[fc]b_0|fw_0|(w|gamma|beta|mu|var)_0",
                                    NeuromodulationCases::steps),
                    "entropy_grad", OperatorFile.of("logits", FeedbackCases::entropy),
                    "stream_guards", OperatorFile.of("error|w0|w", FeedbackCases::guards),
                    "homeostat",
                            OperatorFile.of("(mu|var)_source|z_\\d", FeedbackCases::homeostat));

    private HebbianCases() {}

    private static Map<String, CaseTensor> layer(
            BundleConfig config, Map<String, CaseTensor> inputs) {
        CaseTensor x = inputs.get("x");
        CaseTensor w0 = inputs.get("w0");
        int neurons = w0.shape()[0];
        Patches patches = patches(config, x.shape(), w0.shape());
        HebbianLayer layer = new HebbianLayer(patches, neurons, rule(config));
        float[] weights = w0.floats();
        double[] norms = HebbianLayer.norms(weights, neurons);
        Map<String, CaseTensor> found = new LinkedHashMap<>();
        found.put("r", new CaseTensor(new int[] {neurons}, norms));
        for (int step = 1; step <= STEPS; step++) {
            double[] change = layer.change(weights, norms, x.floats(), x.shape()[0]);
            if (step == 1) {
                int[] shape = responses(patches, x.shape(), neurons);
                found.put("u", part(shape, layer.respond(weights, x.floats(), x.shape()[0])));
                found.put("y", part(shape, layer.shares()));
                found.put("dw", new CaseTensor(w0.shape(), change.clone()));
            }
            learn(weights, change, config);
            found.put("w" + step, CaseTensor.of(weights.clone(), w0.shape()));
        }
        return found;
    }

    private static Map<String, CaseTensor> complex(
            BundleConfig config, Map<String, CaseTensor> inputs) {
        int[] shape = inputs.get("w0_re").shape();
        int count = inputs.get("x_re").shape()[0];
        float[][] x = {inputs.get("x_re").floats(), inputs.get("x_im").floats()};
        float[][] weights = {inputs.get("w0_re").floats(), inputs.get("w0_im").floats()};
        ComplexHebbianLayer layer =
                new ComplexHebbianLayer(
                        shape[1],
                        shape[0],
                        config.number("tau"),
                        option(config, "target", HebbianRule.Target.class));
        double[] norms = ComplexHebbianLayer.norms(weights, shape[0]);
        Map<String, CaseTensor> found = new LinkedHashMap<>();
        found.put("r", new CaseTensor(new int[] {shape[0]}, norms));
        String[] parts = {"_re", "_im"};
        for (int step = 1; step <= STEPS; step++) {
            double[][] change = layer.change(weights, norms, x, count);
            for (int part = 0; part < parts.length; part++) {
                if (step == 1) {
                    int[] rows = {count, shape[0]};
                    found.put("u" + parts[part], part(rows, layer.responses()[part]));
                    found.put("y", part(rows, layer.shares()));
                    found.put("dw" + parts[part], new CaseTensor(shape, change[part].clone()));
                }
                learn(weights[part], change[part], config);
                found.put("w" + step + parts[part], CaseTensor.of(weights[part].clone(), shape));
            }
        }
        return found;
    }

    private static void learn(float[] weights, double[] change, BundleConfig config) {
        double eta = config.number("eta");
        for (int i = 0; i < weights.length; i++) {
            weights[i] += eta * change[i];
        }
    }

    /** The first values of an array that may be longer. */
    static CaseTensor part(int[] shape, double[] values) {
        return new CaseTensor(
                shape, Arrays.copyOf(values, Arrays.stream(shape).reduce(1, (a, b) -> a * b)));
    }

    private static int[] responses(Patches patches, int[] input, int neurons) {
        return switch (input.length) {
            case 2 -> new int[] {input[0], neurons};
            case 3 -> new int[] {input[0], patches.columns().steps(), neurons};
            default ->
                    new int[] {
                        input[0], patches.rows().steps(), patches.columns().steps(), neurons
                    };
        };
    }

    private static Patches patches(BundleConfig config, int[] input, int[] weights) {
        return switch (input.length) {
            case 2 -> Patches.linear(input[1]);
            case 3 -> Patches.overTime(input[1], axis(config, input[2], weights[2]));
            default ->
                    new Patches(
                            input[1],
                            axis(config, input[2], weights[2]),
                            axis(config, input[3], weights[3]));
        };
    }

    private static Axis axis(BundleConfig config, int size, int kernel) {
        return new Axis(
                size,
                kernel,
                config.integer("stride", 1),
                config.integer("padding", 0),
                config.integer("dilation", 1));
    }

    private static HebbianRule rule(BundleConfig config) {
        return new HebbianRule(
                config.number("tau"),
                option(config, "compete", HebbianRule.Competition.class),
                config.text("rule").equals("softanti")
                        ? HebbianRule.Sign.SOFT_ANTI
                        : option(config, "rule", HebbianRule.Sign.class),
                option(config, "target", HebbianRule.Target.class),
                config.text("scale").equals("maxabs")
                        ? HebbianRule.Scale.MAX_ABS
                        : option(config, "scale", HebbianRule.Scale.class));
    }

    /** A field that names a constant. */
    static <E extends Enum<E>> E option(BundleConfig config, String field, Class<E> type) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(config.text(field))) {
                return constant;
            }
        }
        throw config.wrong(
                field,
                "one of " + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT));
    }
}
