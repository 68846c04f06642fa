/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.amplitude.Standardise;
import io.thalamus.schemas.SampleRate;
import java.util.List;
import java.util.Map;

/** The operators of {@code operators.signal.amplitude}. */
final class AmplitudeCases {
    static final Map<String, OperatorCase> ALL = Map.of("standardise", AmplitudeCases::standardise);

    private AmplitudeCases() {}

    /** With the statistics of the case's own samples, the variance being the population's. */
    private static Map<String, CaseTensor> standardise(
            BundleConfig config, Map<String, CaseTensor> inputs) {
        CaseSignal in = CaseSignal.of(inputs, "in");
        int channels = in.samples().length;
        double[] mean = new double[channels];
        double[] deviation = new double[channels];
        for (int channel = 0; channel < channels; channel++) {
            double[] samples = in.samples()[channel];
            for (double sample : samples) {
                mean[channel] += sample / samples.length;
            }
            double variance = 0;
            for (double sample : samples) {
                variance += (sample - mean[channel]) * (sample - mean[channel]) / samples.length;
            }
            deviation[channel] = Math.sqrt(variance);
        }
        return Map.of(
                "out",
                in.like(
                        SignalChain.whole(
                                in.samples(),
                                in.shape(SampleRate.ofHertz(1)),
                                List.of(new Standardise(mean, deviation)))));
    }

    /** With the statistics that {@code mean} and {@code std} give. */
    static Standardise given(BundleConfig parameters) {
        return new Standardise(array(parameters, "mean"), array(parameters, "std"));
    }

    private static double[] array(BundleConfig parameters, String field) {
        return parameters.numbers(field).stream().mapToDouble(Double::doubleValue).toArray();
    }
}
