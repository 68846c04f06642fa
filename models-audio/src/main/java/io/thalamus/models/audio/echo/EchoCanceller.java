/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The echo canceller on streams. A window is a block of whole hops of two channels, microphone and
 * far end; the windows of a segment follow one another without overlap. What comes of one is the
 * voice that is left of the microphone, one hop behind: a frame of the spectrum reaches into the
 * hop after it. So the first window of a segment gives one hop less than it has.
 *
 * <p>Carried from window to window: the last hop of both channels, what the last frame adds to the
 * next hop, and the last inputs of every convolution; 3.94 MB at full size.
 */
final class EchoCanceller implements StreamModel {
    private static final String MICROPHONE = "microphone";
    private static final String FAR_END = "far-end";
    private static final String TAIL = "tail";
    private static final String LAYERS = "layers";
    private static final String VOICE = "voice";

    private final ModelSignature signature;
    private final EchoConfig config;
    private final MaskNetwork network;
    private final HalfOverlap overlap;
    private final List<Cancellation> cancellations = new ArrayList<>();

    EchoCanceller(ModelSignature signature, EchoConfig config, MaskNetwork network) {
        this.signature = signature;
        this.config = config;
        this.network = network;
        this.overlap = new HalfOverlap(config.frame());
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public List<ModelOutput> infer(List<ModelInput> batch) {
        int frames = signature.windowLength() / config.hop();
        while (cancellations.size() < batch.size()) {
            cancellations.add(Cancellation.of(frames, config.bins()));
        }
        List<Map<String, float[]>> next = new ArrayList<>();
        List<float[]> layers = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            Map<String, float[]> before = batch.get(i).state().arrays();
            layers.add(before.get(LAYERS));
            next.add(
                    Map.of(
                            MICROPHONE, lastHop(before, MICROPHONE),
                            FAR_END, lastHop(before, FAR_END),
                            TAIL, lastHop(before, TAIL),
                            LAYERS, new float[network.memorySize()]));
            Cancellation spectra = cancellations.get(i);
            float[] samples = batch.get(i).window().samples();
            overlap.analyse(next.get(i).get(MICROPHONE), samples, 0, spectra.microphone());
            overlap.analyse(
                    next.get(i).get(FAR_END), samples, samples.length / 2, spectra.farEnd());
            spectra.features(config.inputPower(), i, network.features(batch.size(), frames));
        }
        network.run(layers);
        List<ModelOutput> outputs = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            Cancellation spectra = cancellations.get(i);
            spectra.apply(network.masks(), i);
            network.memory(i, next.get(i).get(LAYERS));
            float[] voice = new float[frames * config.hop()];
            overlap.synthesise(spectra.voice(), next.get(i).get(TAIL), voice);
            outputs.add(new ModelOutput(voice, new CarriedState(next.get(i))));
        }
        return outputs;
    }

    /** A copy, as states are not modified; silence at the start of a segment. */
    private float[] lastHop(Map<String, float[]> state, String name) {
        float[] array = state.get(name);
        return array == null ? new float[config.hop()] : array.clone();
    }

    /** The voice of the samples that lie one hop before those of the window. */
    @Override
    public List<WireRecord> interpret(SignalFrame window, ModelOutput output) {
        int behind = config.hop();
        return List.of(
                new SignalFrame(
                        window.streamId(),
                        window.sequence() - behind,
                        window.segment(),
                        window.startNanos() - window.rate().nanosOf(behind),
                        window.rate(),
                        List.of(VOICE),
                        output.values(),
                        window.quality()));
    }

    @Override
    public void close() {
        network.close();
    }
}
