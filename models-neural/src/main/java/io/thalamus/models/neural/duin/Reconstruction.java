/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.TokenFrame;
import io.thalamus.schemas.WireRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How well windows are told by codes: what codes cannot tell is no brain signal as the network
 * knows them. An output's values are the window as the codes tell it, channels by samples, and the
 * codes behind it. The scores are the squared errors; a window in which values are missing has
 * none, and codes alone.
 */
final class Reconstruction implements StreamModel {
    private final ModelSignature signature;
    private final DuinConfig config;
    private final FrontEnd front;
    private final BackInput back;
    private final Segment coding;
    private final Quantizer quantizer;
    private final Segment decoding;
    private final Segment ending;
    private final Tensor tokens = Tensor.empty();

    Reconstruction(
            ModelSignature signature, DuinConfig config, DuinWeights weights, GraphEngine engine) {
        this.signature = signature;
        this.config = config;
        DuinGraphs graphs = new DuinGraphs(config, weights, /* tapped= */ false);
        this.front = new FrontEnd(signature, config, weights, engine, StreamModulator.none());
        this.back = new BackInput(Projections.back(config, weights));
        this.quantizer = new Quantizer(weights.codebook(config));
        this.coding = new Segment(graphs.codes(config.patches()), engine);
        this.decoding = new Segment(graphs.decoded(config.patches()), engine);
        this.ending = new Segment(graphs.signals(config.patches()), engine);
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
        coding.run(front.patches(batch));
        quantizer.run(coding.output(DuinGraphs.POINTS), coding.output(DuinGraphs.PRODUCTS));
        decoding.run(quantizer.nearest());
        Tensor decoded = decoding.output(DuinGraphs.DECODED);
        tokens.reshape(1, decoded.dimension(1), decoded.dimension(2));
        List<ModelOutput> outputs = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            // each for itself, as the convolutions of the front end
            back.set(signature.subjects().require(batch.get(i).window().streamId()));
            System.arraycopy(decoded.data(), i * tokens.size(), tokens.data(), 0, tokens.size());
            ending.run(tokens, back.matrices(), back.biases());
            Tensor signals = ending.output(DuinGraphs.SIGNALS);
            float[] own = Arrays.copyOf(signals.data(), signals.size() + config.patches());
            for (int patch = 0; patch < config.patches(); patch++) {
                own[signals.size() + patch] = quantizer.codes()[i * config.patches() + patch];
            }
            outputs.add(new ModelOutput(own, CarriedState.empty()));
        }
        return outputs;
    }

    @Override
    public List<WireRecord> interpret(SignalFrame window, ModelOutput output) {
        int[] codes = codes(output.values()).toArray();
        TokenFrame told = Tokenizer.frame(window, codes, config, signature.model());
        if (!isComplete(window)) {
            return List.of(told);
        }
        float[] errors =
                window.squaredErrors(Arrays.copyOf(output.values(), window.samples().length));
        return List.of(AnomalyScore.of(window, errors, signature.model()), told);
    }

    /** The codes of an output. */
    IntStream codes(float[] values) {
        return IntStream.range(values.length - config.patches(), values.length)
                .map(i -> (int) values[i]); // whole numbers below 2^24
    }

    private static boolean isComplete(SignalFrame window) {
        for (float value : window.samples()) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        front.close();
        ending.close();
        decoding.close();
        coding.close();
    }
}
