/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Words from windows. An output's values are what the network gives for each word, each between 0
 * and 1 for itself; their shares of the sum are the probabilities, as the authors report them.
 * Behind them are the statistics that streams learn from, where they can.
 */
final class WordDecoder implements StreamModel {
    private final ModelSignature signature;
    private final List<String> words;
    private final FrontEnd front;
    private final Segment network;

    WordDecoder(
            ModelSignature signature,
            List<String> words,
            DuinConfig config,
            DuinWeights weights,
            GraphEngine engine,
            StreamModulator modulator) {
        this.signature = signature;
        this.words = words;
        this.front = new FrontEnd(signature, config, weights, engine, modulator);
        this.network =
                new Segment(
                        new DuinGraphs(config, weights, /* tapped= */ false)
                                .words(config.patches()),
                        engine);
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public Optional<String> objectionToValues(SignalFrame window) {
        return FrontEnd.objectionToValues(window);
    }

    @Override
    public List<ModelOutput> infer(List<ModelInput> batch) {
        network.run(front.patches(batch));
        float[] all = network.output(DuinGraphs.WORDS).data();
        List<ModelOutput> outputs = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            float[] own = Arrays.copyOfRange(all, i * words.size(), (i + 1) * words.size());
            outputs.add(new ModelOutput(front.withStatistics(i, own), CarriedState.empty()));
        }
        return outputs;
    }

    @Override
    public List<WireRecord> interpret(SignalFrame window, ModelOutput output) {
        float[] shares = shares(Arrays.copyOf(output.values(), words.size()));
        return List.of(Classification.of(window, words, shares, signature.model()));
    }

    /** Parts of a sum; equal ones where it is 0, as when nothing is likely at all. */
    static float[] shares(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        float[] shares = new float[values.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = (float) (sum == 0 ? 1.0 / values.length : values[i] / sum);
        }
        return shares;
    }

    @Override
    public void close() {
        front.close();
        network.close();
    }
}
