/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Speech separation on streams: of a window of one channel, a window with a channel for each
 * speaker, at the level that they have in the mixture. Windows of a batch are run one after the
 * other, as one is work enough for the engine: so a window's result has the same bits in any batch.
 */
final class SpeechSeparator implements StreamModel {
    private final ModelSignature signature;
    private final SeparatorConfig config;
    private final SeparatorNetwork network;
    private final List<String> speakers;

    SpeechSeparator(ModelSignature signature, SeparatorConfig config, SeparatorNetwork network) {
        this.signature = signature;
        this.config = config;
        this.network = network;
        this.speakers =
                IntStream.rangeClosed(1, config.speakers()).mapToObj(Integer::toString).toList();
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public List<ModelOutput> infer(List<ModelInput> batch) {
        List<ModelOutput> outputs = new ArrayList<>();
        for (ModelInput input : batch) {
            outputs.add(new ModelOutput(separate(input.window()), CarriedState.empty()));
        }
        return outputs;
    }

    private float[] separate(SignalFrame window) {
        float[] samples = window.samples();
        return isSilent(samples)
                ? new float[config.speakers() * samples.length]
                : network.separate(samples, 0);
    }

    private static boolean isSilent(float[] samples) {
        for (float sample : samples) {
            if (sample != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public SignalFrame interpret(SignalFrame window, ModelOutput output) {
        return new SignalFrame(
                window.streamId(),
                window.sequence(),
                window.segment(),
                window.startNanos(),
                window.rate(),
                speakers,
                output.values(),
                window.quality());
    }

    @Override
    public void close() {
        network.close();
    }
}
