/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Recomputes stored cases, each a whole signal at once, with all that lies between. */
final class EchoCases implements CaseRunner {
    private static final String MICROPHONE = "mic";
    private static final String FAR_END = "far";

    private final EchoConfig config;
    private final MaskNetwork network;
    private final HalfOverlap overlap;

    EchoCases(EchoConfig config, EchoWeights weights, GraphEngine engine) {
        this.config = config;
        this.network =
                new MaskNetwork(
                        config,
                        new MaskGraph(config, weights, StreamModulator.none())
                                .build(/* withTaps= */ true),
                        engine,
                        StreamModulator.none());
        this.overlap = new HalfOverlap(config.frame());
    }

    @Override
    public Map<String, CaseTensor> run(JsonNode description, Map<String, CaseTensor> inputs) {
        float[] microphone = signal(inputs, MICROPHONE);
        float[] farEnd = signal(inputs, FAR_END);
        if (farEnd.length != microphone.length) {
            throw new InvalidInputException(
                    "%s has %d samples, %s has %d"
                            .formatted(MICROPHONE, microphone.length, FAR_END, farEnd.length));
        }
        // So many that the last sample lies in two of them.
        int frames = (microphone.length + config.hop() - 1) / config.hop() + 1;
        Cancellation spectra = Cancellation.of(frames, config.bins());
        analyse(microphone, spectra.microphone());
        analyse(farEnd, spectra.farEnd());
        spectra.features(config.inputPower(), network.features(frames));
        network.run(null);
        spectra.apply(network.masks());

        Map<String, CaseTensor> tensors = new LinkedHashMap<>();
        spectra.microphone().put("stft_mic", tensors);
        spectra.farEnd().put("stft_far", tensors);
        spectra.echoMask().put("mask_echo", tensors);
        spectra.voiceMask().put("mask_speech", tensors);
        spectra.echo().put("stft_echo_est", tensors);
        spectra.voice().put("stft_out", tensors);
        tensors.put("out", synthesise(spectra.voice(), microphone.length));
        tensors.put("echo_est", synthesise(spectra.echo(), microphone.length));
        JsonNode some = description.path("tap_frames");
        network.taps()
                .forEach(
                        (name, tap) ->
                                tensors.put(
                                        name,
                                        some.isArray()
                                                ? cut(tap, some.get(0).asInt(), some.get(1).asInt())
                                                : tap));
        return tensors;
    }

    private static float[] signal(Map<String, CaseTensor> inputs, String name) {
        CaseTensor tensor = inputs.get(name);
        if (tensor == null || tensor.shape().length != 1 || tensor.shape()[0] < 1) {
            throw new InvalidInputException("the case has no signal " + name);
        }
        return tensor.floats();
    }

    private void analyse(float[] signal, Spectra spectra) {
        float[] padded = Arrays.copyOf(signal, spectra.frames() * config.hop());
        overlap.analyse(new float[config.hop()], padded, 0, spectra);
    }

    private CaseTensor synthesise(Spectra spectra, int length) {
        float[] samples = new float[spectra.frames() * config.hop()];
        overlap.synthesise(spectra, new float[config.hop()], samples);
        return CaseTensor.of(
                Arrays.copyOfRange(samples, config.hop(), config.hop() + length), length);
    }

    /** Some frames of maps {@code [channels, frames, bins]}. */
    private CaseTensor cut(CaseTensor maps, int from, int to) {
        int channels = maps.shape()[0];
        int frames = maps.shape()[1];
        int bins = maps.shape()[2];
        if (from < 0 || to > frames || from >= to) {
            throw new InvalidInputException(
                    "tap_frames asks for frames %d to %d of %d".formatted(from, to, frames));
        }
        double[] values = new double[channels * (to - from) * bins];
        for (int channel = 0; channel < channels; channel++) {
            System.arraycopy(
                    maps.values(),
                    (channel * frames + from) * bins,
                    values,
                    channel * (to - from) * bins,
                    (to - from) * bins);
        }
        return new CaseTensor(new int[] {channels, to - from, bins}, values);
    }

    @Override
    public Map<String, CaseTensor> record(SignalFrame window) {
        Map<String, CaseTensor> tensors = new LinkedHashMap<>();
        int length = window.length();
        float[] samples = window.samples();
        tensors.put(MICROPHONE, CaseTensor.of(Arrays.copyOf(samples, length), length));
        tensors.put(
                FAR_END, CaseTensor.of(Arrays.copyOfRange(samples, length, 2 * length), length));
        Map<String, CaseTensor> results = run(MissingNode.getInstance(), tensors);
        tensors.put("out", results.get("out"));
        return tensors;
    }

    @Override
    public void close() {
        network.close();
    }
}
