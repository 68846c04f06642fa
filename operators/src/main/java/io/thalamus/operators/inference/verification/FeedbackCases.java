/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import io.thalamus.operators.adaptation.ChannelStatistics;
import io.thalamus.operators.adaptation.EntropyFilter;
import io.thalamus.operators.adaptation.EntropyLoss;
import io.thalamus.operators.adaptation.Homeostat;
import io.thalamus.operators.adaptation.Leash;
import io.thalamus.operators.adaptation.ResetRule;
import io.thalamus.operators.adaptation.SurpriseGate;
import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.CaseTensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Feedback, guards and the homeostat of {@code operators.adaptation}. */
final class FeedbackCases {
    private FeedbackCases() {}

    static Map<String, CaseTensor> entropy(BundleConfig config, Map<String, CaseTensor> inputs) {
        CaseTensor logits = inputs.get("logits");
        int samples = logits.shape()[0];
        int classes = logits.shape()[1];
        Map<String, CaseTensor> found = new LinkedHashMap<>();
        EntropyLoss all = new EntropyLoss(classes, EntropyFilter.NONE);
        all.measure(logits.values(), samples);
        found.put("p", new CaseTensor(logits.shape(), all.probabilities()));
        found.put("H", new CaseTensor(new int[] {samples}, all.entropies()));
        found.put("dlogits", new CaseTensor(logits.shape(), all.gradient()));
        EntropyFilter filter = new EntropyFilter(config.number("E0"), /* weighted= */ true);
        EntropyLoss some = new EntropyLoss(classes, filter);
        some.measure(logits.values(), samples);
        found.put("keep", new CaseTensor(new int[] {samples}, new double[samples]));
        found.put("weight", new CaseTensor(new int[] {samples}, new double[samples]));
        for (int i = 0; i < samples; i++) {
            double entropy = all.entropies()[i];
            found.get("keep").values()[i] = filter.keeps(entropy) ? 1 : 0;
            found.get("weight").values()[i] = filter.weight(entropy);
        }
        found.put("loss_weighted", new CaseTensor(new int[] {1}, new double[] {some.loss()}));
        found.put("dlogits_weighted", new CaseTensor(logits.shape(), some.gradient()));
        return found;
    }

    static Map<String, CaseTensor> guards(BundleConfig config, Map<String, CaseTensor> inputs) {
        return config.has("lambda") ? leash(config, inputs) : resets(config, inputs);
    }

    private static Map<String, CaseTensor> leash(
            BundleConfig config, Map<String, CaseTensor> inputs) {
        CaseTensor source = inputs.get("w0");
        float[] from = source.floats();
        float[] delta = inputs.get("w").floats();
        for (int i = 0; i < delta.length; i++) {
            delta[i] -= from[i];
        }
        Leash leash = new Leash(config.number("lambda"), config.number("cap"));
        Map<String, CaseTensor> found = new LinkedHashMap<>();
        leash.pull(delta);
        found.put("w_pulled", sum(source, delta));
        leash.cap(delta, from);
        found.put("w_capped", sum(source, delta));
        return found;
    }

    private static CaseTensor sum(CaseTensor source, float[] delta) {
        double[] sum = source.values().clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += delta[i];
        }
        return new CaseTensor(source.shape(), sum);
    }

    private static Map<String, CaseTensor> resets(
            BundleConfig config, Map<String, CaseTensor> inputs) {
        ResetRule rule =
                new ResetRule(
                        gate(config),
                        config.number("fast"),
                        config.number("slow"),
                        config.number("ratio"),
                        config.integer("warm", 0),
                        config.integer("hold", 0));
        CaseTensor error = inputs.get("error");
        Map<String, CaseTensor> found = new LinkedHashMap<>();
        for (String row : new String[] {"gate", "fast", "slow", "reset"}) {
            found.put(row, new CaseTensor(error.shape(), new double[error.values().length]));
        }
        ResetRule.Watch watch = ResetRule.Watch.start();
        for (int t = 0; t < error.values().length; t++) {
            ResetRule.Verdict verdict = rule.judge(watch, error.values()[t]);
            watch = verdict.after();
            found.get("gate").values()[t] = verdict.gate();
            found.get("fast").values()[t] = Double.isNaN(watch.fast()) ? -1 : watch.fast();
            found.get("slow").values()[t] = watch.slow();
            found.get("reset").values()[t] = verdict.reset() ? 1 : 0;
        }
        return found;
    }

    /** The gate that {@code rho}, {@code sigma0} and {@code gmax} describe. */
    static SurpriseGate gate(BundleConfig config) {
        return new SurpriseGate(
                config.number("rho"), config.number("sigma0"), config.number("gmax"));
    }

    static Map<String, CaseTensor> homeostat(BundleConfig config, Map<String, CaseTensor> inputs) {
        ChannelStatistics running =
                new ChannelStatistics(
                        inputs.get("mu_source").floats(), inputs.get("var_source").floats());
        Homeostat homeostat = new Homeostat(running, config.number("alpha"), config.number("eps"));
        int samples = config.integer("B", 1);
        int channels = config.integer("K", 1);
        int length = config.integer("L", 1);
        Map<String, CaseTensor> found = new LinkedHashMap<>();
        for (int t = 0; inputs.containsKey("z_" + t); t++) {
            double[] z = inputs.get("z_" + t).values();
            double[] rows = new double[z.length];
            for (int i = 0; i < z.length; i++) {
                int sample = i / (channels * length);
                rows[(sample * length + i % length) * channels + i / length % channels] = z[i];
            }
            running = homeostat.after(running, rows, samples * length);
            double[] gain = new double[channels];
            double[] offset = new double[channels];
            for (int k = 0; k < channels; k++) {
                gain[k] = homeostat.gain(running, k);
                offset[k] = homeostat.offset(running, k);
            }
            double[] out = new double[z.length];
            for (int i = 0; i < z.length; i++) {
                out[i] = gain[i / length % channels] * z[i] + offset[i / length % channels];
            }
            int[] perChannel = {channels};
            found.put("out_" + t, new CaseTensor(new int[] {samples, channels, length}, out));
            found.put("gamma_" + t, new CaseTensor(perChannel, gain));
            found.put("beta_" + t, new CaseTensor(perChannel, offset));
            found.put("mu_" + (t + 1), CaseTensor.of(running.mean(), perChannel));
            found.put("var_" + (t + 1), CaseTensor.of(running.variance(), perChannel));
        }
        return found;
    }
}
