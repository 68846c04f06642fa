/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import io.thalamus.operators.adaptation.Axis;
import io.thalamus.operators.adaptation.ChannelStatistics;
import io.thalamus.operators.adaptation.EntropyFilter;
import io.thalamus.operators.adaptation.HebbianLayer;
import io.thalamus.operators.adaptation.HebbianRule;
import io.thalamus.operators.adaptation.Moments;
import io.thalamus.operators.adaptation.Normalisation;
import io.thalamus.operators.adaptation.Optimiser;
import io.thalamus.operators.adaptation.Patches;
import io.thalamus.operators.adaptation.SurpriseGate;
import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.verification.NeuromodulatedStep.Outcome;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Steps of neuro-modulated learning, one after the other on the same stream. */
final class NeuromodulationCases {
    private NeuromodulationCases() {}

    static Map<String, CaseTensor> steps(BundleConfig config, Map<String, CaseTensor> inputs) {
        int[] input = inputs.get("x_0").shape();
        int[] kernel = inputs.get("w_0").shape();
        int samples = input[0];
        int neurons = kernel[0];
        float[] weights = inputs.get("w_0").floats();
        double[] norms = HebbianLayer.norms(weights, neurons);
        Axis time = new Axis(input[2], kernel[2], 1, config.integer("padding", 0), 1);
        Patches patches = Patches.overTime(input[1], time);
        NeuromodulatedStep.Settings settings = settings(config, inputs.get("fb_0").shape()[0]);
        NeuromodulatedStep step =
                new NeuromodulatedStep(
                        settings,
                        new NeuromodulatedStep.Source(
                                inputs.containsKey("cb_0")
                                        ? inputs.get("cb_0").floats()
                                        : new float[0],
                                norms),
                        patches,
                        new MeanReadout(inputs.get("fw_0"), inputs.get("fb_0"), time.steps()));
        ModulatedLayer state = start(weights, inputs, neurons);
        Map<String, CaseTensor> found = new LinkedHashMap<>();
        found.put("r", new CaseTensor(new int[] {neurons}, norms));
        first(settings.rule(), patches, inputs, found);
        int[] perNeuron = {neurons};
        for (int t = 0; t < config.integer("steps", 1); t++) {
            Outcome outcome = step.learn(state, inputs.get("x_" + t).floats(), samples);
            state = outcome.after();
            int[] logits = {samples, outcome.logits().length / samples};
            found.put("entropy_" + t, new CaseTensor(new int[] {samples}, outcome.entropies()));
            found.put("logits_pre_" + t, new CaseTensor(logits, outcome.before()));
            found.put("logits_out_" + t, new CaseTensor(logits, outcome.logits()));
            put(found, "dgamma_" + t, "dbeta_" + t, outcome.gradient());
            found.put("gate_e_" + t, one(outcome.error()));
            found.put("gate_g_" + t, one(outcome.opening()));
            int next = t + 1;
            found.put("w_" + next, CaseTensor.of(state.weights(), kernel));
            put(
                    found,
                    "gamma_" + next,
                    "beta_" + next,
                    CaseTensor.of(state.modulator(), 2 * neurons).values());
            if (state.statistics() != null) {
                found.put("mu_" + next, CaseTensor.of(state.statistics().mean(), perNeuron));
                found.put("var_" + next, CaseTensor.of(state.statistics().variance(), perNeuron));
            }
        }
        return found;
    }

    private static CaseTensor one(double value) {
        return new CaseTensor(new int[] {1}, new double[] {value});
    }

    private static void put(
            Map<String, CaseTensor> found, String gain, String offset, double[] modulator) {
        int neurons = modulator.length / 2;
        int[] shape = {neurons};
        found.put(gain, new CaseTensor(shape, Arrays.copyOf(modulator, neurons)));
        found.put(
                offset, new CaseTensor(shape, Arrays.copyOfRange(modulator, neurons, 2 * neurons)));
    }

    /** What the Hebbian layer makes of the first batch. */
    private static void first(
            HebbianRule rule,
            Patches patches,
            Map<String, CaseTensor> inputs,
            Map<String, CaseTensor> found) {
        CaseTensor x = inputs.get("x_0");
        CaseTensor w = inputs.get("w_0");
        int neurons = w.shape()[0];
        HebbianLayer layer = new HebbianLayer(patches, neurons, rule);
        double[] norms = HebbianLayer.norms(w.floats(), neurons);
        double[] change = layer.change(w.floats(), norms, x.floats(), x.shape()[0]);
        int[] shape = {x.shape()[0], patches.perSample(), neurons};
        found.put("dw_0", new CaseTensor(w.shape(), change));
        found.put("y_0", HebbianCases.part(shape, layer.shares()));
        double[] responses = layer.respond(w.floats(), x.floats(), x.shape()[0]);
        found.put("u_0", HebbianCases.part(shape, responses));
    }

    private static ModulatedLayer start(
            float[] weights, Map<String, CaseTensor> inputs, int neurons) {
        float[] modulator = Arrays.copyOf(inputs.get("gamma_0").floats(), 2 * neurons);
        System.arraycopy(inputs.get("beta_0").floats(), 0, modulator, neurons, neurons);
        ChannelStatistics statistics =
                inputs.containsKey("mu_0")
                        ? new ChannelStatistics(
                                inputs.get("mu_0").floats(), inputs.get("var_0").floats())
                        : null;
        return new ModulatedLayer(
                weights, modulator, Moments.none(), statistics, SurpriseGate.Level.unknown());
    }

    private static NeuromodulatedStep.Settings settings(BundleConfig config, int classes) {
        double rate = config.number("lr");
        return new NeuromodulatedStep.Settings(
                new HebbianRule(
                        config.number("tau"),
                        HebbianCases.option(config, "compete", HebbianRule.Competition.class),
                        HebbianRule.Sign.SOFT,
                        HebbianCases.option(config, "target", HebbianRule.Target.class),
                        HebbianRule.Scale.NONE),
                config.number("eta"),
                config.flag("gate") ? Optional.of(GATE) : Optional.empty(),
                config.text("opt").equals("adam")
                        ? Optimiser.Adam.of(rate)
                        : new Optimiser.Sgd(rate),
                config.has("e0")
                        ? EntropyFilter.below(config.number("e0"), classes, /* weighted= */ false)
                        : EntropyFilter.NONE,
                HebbianCases.option(config, "norm", Normalisation.class),
                config.number("alpha"),
                config.number("eps"),
                config.text("predict").equals("after"));
    }

    /** As the reference's description gives it for all of its cases. */
    private static final SurpriseGate GATE = new SurpriseGate(0.1, 0.05, 2);
}
