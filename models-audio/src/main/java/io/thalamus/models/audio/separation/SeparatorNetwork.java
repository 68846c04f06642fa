/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.operators.inference.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A {@link SeparatorGraph} on an engine, for mixtures of one length. */
final class SeparatorNetwork implements AutoCloseable {
    private final SeparatorConfig config;
    private final int samples;
    private final int frames;
    private final List<String> taps;
    private final CompiledSegment segment;
    private final Tensor mixture = Tensor.empty();
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<Tensor> outputs = new ArrayList<>();

    /**
     * A network.
     *
     * @param samples of a mixture
     * @param wanted the names of those tensors on the way that are handed out too
     * @param modulator behind the encoder
     */
    SeparatorNetwork(
            SeparatorConfig config,
            ModelBundle bundle,
            GraphEngine engine,
            int samples,
            Predicate<String> wanted,
            StreamModulator modulator) {
        this.config = config;
        this.samples = samples;
        this.frames = config.frames(samples);
        FrameGraph graph = new SeparatorGraph(config, bundle, frames, wanted, modulator).frames();
        this.taps = graph.taps();
        this.segment = engine.compile(graph.graph(), graph.values());
        inputs.add(mixture);
        inputs.addAll(modulator.inputs());
        outputs.add(Tensor.empty());
        taps.forEach(tap -> outputs.add(Tensor.empty()));
    }

    int samples() {
        return samples;
    }

    /**
     * Separates a mixture.
     *
     * @param from where in the array it begins
     * @return the speakers, one after the other, each as long as the mixture; zeros where no whole
     *     frame is
     */
    float[] separate(float[] mixtures, int from) {
        int seen = length();
        mixture.reshape(1, 1, 1, seen);
        System.arraycopy(mixtures, from, mixture.data(), 0, seen);
        segment.run(inputs, outputs);
        return overlapped(samples);
    }

    /** What the last frames overlap to, without zeros at the end: speakers one after the other. */
    float[] raw() {
        return overlapped(length());
    }

    /** Samples that lie in whole frames. */
    int length() {
        return (frames - 1) * config.stride() + config.kernel();
    }

    private float[] overlapped(int length) {
        float[] speakers = new float[config.speakers() * length];
        float[] parts = outputs.get(0).data();
        int kernel = config.kernel();
        for (int speaker = 0; speaker < config.speakers(); speaker++) {
            for (int t = 0; t < frames; t++) {
                int part = (speaker * frames + t) * kernel;
                int at = speaker * length + t * config.stride();
                for (int k = 0; k < kernel; k++) {
                    speakers[at + k] += parts[part + k];
                }
            }
        }
        return speakers;
    }

    /** Something that was wanted, as the last run gave it. */
    Tensor tap(String name) {
        return outputs.get(1 + taps.indexOf(name));
    }

    /** What was wanted of the last run, by name. */
    Map<String, Tensor> taps() {
        Map<String, Tensor> found = new LinkedHashMap<>();
        for (int i = 0; i < taps.size(); i++) {
            Tensor output = outputs.get(1 + i);
            float[] values = Arrays.copyOf(output.data(), output.size());
            found.put(taps.get(i), Tensor.of(values, output.shape()));
        }
        return found;
    }

    @Override
    public void close() {
        segment.close();
    }
}
