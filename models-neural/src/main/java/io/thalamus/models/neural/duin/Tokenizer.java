/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.TokenFrame;
import io.thalamus.schemas.WireRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Codes from windows, one for each patch. An output's values are the codes, and behind them the
 * statistics that streams learn from, where they can.
 */
final class Tokenizer implements StreamModel {
    private final ModelSignature signature;
    private final DuinConfig config;
    private final FrontEnd front;
    private final Segment coding;
    private final Quantizer quantizer;

    Tokenizer(
            ModelSignature signature,
            DuinConfig config,
            DuinWeights weights,
            GraphEngine engine,
            StreamModulator modulator) {
        this.signature = signature;
        this.config = config;
        this.front = new FrontEnd(signature, config, weights, engine, modulator);
        this.quantizer = new Quantizer(weights.codebook(config));
        this.coding =
                new Segment(
                        new DuinGraphs(config, weights, /* tapped= */ false)
                                .codes(config.patches()),
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
        coding.run(front.patches(batch));
        quantizer.run(coding.output(DuinGraphs.POINTS), coding.output(DuinGraphs.PRODUCTS));
        List<ModelOutput> outputs = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            float[] codes = new float[config.patches()];
            for (int patch = 0; patch < codes.length; patch++) {
                codes[patch] = quantizer.codes()[i * codes.length + patch];
            }
            outputs.add(new ModelOutput(front.withStatistics(i, codes), CarriedState.empty()));
        }
        return outputs;
    }

    @Override
    public List<WireRecord> interpret(SignalFrame window, ModelOutput output) {
        int[] codes = new int[config.patches()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (int) output.values()[i]; // whole numbers below 2^24
        }
        return List.of(frame(window, codes, config, signature.model()));
    }

    /** The codes of a window, one a patch. */
    static TokenFrame frame(SignalFrame window, int[] codes, DuinConfig config, String model) {
        SampleRate rate = window.rate();
        return new TokenFrame(
                window.streamId(),
                window.sequence(),
                window.segment(),
                window.startNanos(),
                new SampleRate(
                        rate.numerator(),
                        Math.multiplyExact(rate.denominator(), (long) config.patch())),
                config.quantizer().size(),
                codes,
                model);
    }

    @Override
    public void close() {
        front.close();
        coding.close();
    }
}
