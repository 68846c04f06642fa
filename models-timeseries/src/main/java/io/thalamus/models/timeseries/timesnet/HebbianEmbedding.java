/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.Axis;
import io.thalamus.operators.adaptation.HebbianLayer;
import io.thalamus.operators.adaptation.HebbianRule;
import io.thalamus.operators.adaptation.HebbianRule.Competition;
import io.thalamus.operators.adaptation.HebbianRule.Scale;
import io.thalamus.operators.adaptation.HebbianRule.Sign;
import io.thalamus.operators.adaptation.HebbianRule.Target;
import io.thalamus.operators.adaptation.Patches;
import io.thalamus.operators.adaptation.SurpriseGate;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;

/**
 * The soft Hebbian rule for the token weights, by what the convolution sees of a window:
 * normalised, its end before its beginning. Neurons compete with their raw responses at a
 * temperature of 1 and are drawn to the norms that they have in the bundle. Surprise says how far a
 * window counts.
 */
final class HebbianEmbedding {
    /** By the error of the forecast from a window. */
    static final SurpriseGate GATE = new SurpriseGate(0.1, 0.05, 2);

    private static final HebbianRule RULE =
            new HebbianRule(1, Competition.RAW, Sign.SOFT, Target.SOURCE, Scale.NONE);

    private final float[] source;
    private final double[] norms;
    private final double rate;
    private final EmbeddingInput input;
    private final HebbianLayer layer;

    /**
     * For one network.
     *
     * @param rate by which weights move where surprise is 1
     */
    HebbianEmbedding(TimesNetConfig config, TimesNetWeights weights, double rate) {
        int taps = TimesNetWeights.TOKEN_TAPS;
        Axis time = new Axis(config.inputLength() + taps - 1, taps, 1, 0, 1);
        this.source = weights.token(config);
        this.norms = HebbianLayer.norms(source, config.width());
        this.rate = rate;
        this.input = new EmbeddingInput(config, Network.normalisation(config));
        this.layer =
                new HebbianLayer(Patches.overTime(config.channels(), time), config.width(), RULE);
    }

    /** The bundle's weights, {@code [width, channels, taps]}. */
    float[] source() {
        return source;
    }

    /**
     * What a stream's weights differ from the bundle's after a window.
     *
     * @param delta what they did before it
     * @param surprise how far the window counts
     */
    float[] after(float[] delta, SignalFrame window, double surprise) {
        float[] weights = source.clone();
        for (int i = 0; i < weights.length; i++) {
            weights[i] += delta[i];
        }
        // Of what the convolution takes, channels come first: the rule reads no further.
        Tensor seen = input.take(new float[][] {window.samples()}, new float[0][]);
        double[] change = layer.change(weights, norms, seen.data(), 1);
        if (!Arrays.stream(change).allMatch(Double::isFinite)) {
            return delta;
        }
        float[] after = new float[delta.length];
        for (int i = 0; i < after.length; i++) {
            after[i] = (float) (delta[i] + surprise * rate * change[i]);
        }
        return after;
    }
}
