/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The echo canceller on streams. A window is a block of hops of two channels, microphone and far
 * end, and the hop behind it, which it shares with the next window: a frame of the spectrum reaches
 * into the hop after it. What comes of a window is the voice that is left of the microphone in its
 * block, so the voice has the numbers and times of the microphone's samples.
 *
 * <p>Each hop is complete with two frames. The one that begins with it is run with its own window,
 * and so is the one before, unless the window is the first of its segment: then it reaches back
 * before the segment, into silence, and is run by itself first.
 *
 * <p>Carried from window to window: what the last frame adds to the next hop, and the last inputs
 * of every convolution; 3.94 MB at full size. Behind the voice, an output has the statistics that
 * streams learn from, where they can.
 */
final class EchoCanceller implements StreamModel {
    private static final String TAIL = "tail";
    private static final String LAYERS = "layers";
    private static final String VOICE = "voice";

    private final ModelSignature signature;
    private final EchoConfig config;
    private final MaskNetwork network;
    private final StreamModulator modulator;
    private final Analysis analysis;
    private Cancellation spectra;

    EchoCanceller(
            ModelSignature signature,
            EchoConfig config,
            MaskNetwork network,
            StreamModulator modulator) {
        this.signature = signature;
        this.config = config;
        this.network = network;
        this.modulator = modulator;
        this.analysis = new Analysis(config);
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    /**
     * Runs one call after the other: the network works as hard for two as for one twice, and its
     * results for two would not be the same bits.
     */
    @Override
    public List<ModelOutput> infer(List<ModelInput> batch) {
        return batch.stream().map(this::infer).toList();
    }

    private ModelOutput infer(ModelInput input) {
        SignalFrame window = input.window();
        CarriedState before = input.state();
        modulator.set(input.fastWeights());
        boolean begins = before.arrays().isEmpty();
        CarriedState state = begins ? run(window, before, 0, 1).state() : before;
        return run(window, state, 1, window.length() / config.hop() - 1);
    }

    /**
     * Runs the frames that are complete with some hops of a window.
     *
     * @param from the first of these hops
     * @return the voice of the hops before each of these, one after the other
     */
    private ModelOutput run(SignalFrame window, CarriedState state, int from, int frames) {
        if (spectra == null || spectra.voice().frames() != frames) {
            spectra = Cancellation.of(frames, config.bins());
        }
        analysis.of(window, from, spectra);
        spectra.features(config.inputPower(), network.features(frames));
        network.run(state.arrays().get(LAYERS));
        spectra.apply(network.masks());
        float[] last = state.arrays().get(TAIL);
        float[] tail = last == null ? new float[config.hop()] : last.clone();
        int samples = frames * config.hop();
        float[] voice = new float[samples];
        analysis.synthesise(spectra.voice(), tail, voice);
        if (modulator.isPresent()) {
            voice = StreamModulator.withStatistics(voice, modulator.statistics(network.stem()));
        }
        return new ModelOutput(
                voice, new CarriedState(Map.of(TAIL, tail, LAYERS, network.memory())));
    }

    /** The voice of the window's block. */
    @Override
    public List<WireRecord> interpret(SignalFrame window, ModelOutput output) {
        return List.of(
                new SignalFrame(
                        window.streamId(),
                        window.sequence(),
                        window.segment(),
                        window.startNanos(),
                        window.rate(),
                        List.of(VOICE),
                        Arrays.copyOf(output.values(), window.length() - config.hop()),
                        window.quality()));
    }

    @Override
    public void close() {
        network.close();
    }
}
