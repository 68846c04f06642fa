/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The network, and the way back through it. Its convolutions run on an engine, each in a call of
 * its own; what lies between them is so little that plain Java is faster, and there every window
 * may have gains, offsets and statistics of its own.
 */
final class ClassifierNetwork implements AutoCloseable {
    private final ClassifierConfig config;
    private final ClassifierLayers layers;
    private final List<Layer> between;
    private final List<NormLayer> norms;
    private final Tensor features = Tensor.empty();

    /** Behind the first normalisation and a rectifier, where these are the first layers. */
    private final MaxPool firstPool;

    private Tensor firstMaps;
    private Tensor lastMaps;

    /**
     * Opens the network of a bundle.
     *
     * @param learns whether it will be gone back through
     */
    ClassifierNetwork(
            ClassifierConfig config, ModelBundle bundle, GraphEngine engine, boolean learns) {
        this.config = config;
        layers = new ClassifierLayers(config, bundle);
        between = layers.between();
        norms = NormLayer.among(between);
        firstPool = firstPool(between);
        layers.first().open(engine);
        between.forEach(layer -> layer.open(engine, learns));
    }

    private static MaxPool firstPool(List<Layer> between) {
        return between.size() > 2
                        && between.get(0) instanceof NormLayer
                        && between.get(1) instanceof Rectifier
                        && between.get(2) instanceof MaxPool pool
                ? pool
                : null;
    }

    int classes() {
        return layers.head().classes();
    }

    FirstLayer first() {
        return layers.first();
    }

    /** Its normalisations, from the first to the last. */
    List<NormLayer> norms() {
        return norms;
    }

    /** The windows, standardised: to be filled before {@link #runFirst}. */
    Tensor features(int windows) {
        return features.reshape(windows, config.channels(), 1, config.length());
    }

    /**
     * Standardises a window into the {@link #features}.
     *
     * @param windows {@code [windows, channels, length]}
     */
    void standardise(float[] windows, int from, int to) {
        layers.standardisation().apply(windows, from, features.data(), to, config.length());
    }

    /**
     * Runs the first layer.
     *
     * @param learned what the stream of each window has learned
     * @return its output {@code [windows, neurons, 1, time]}, which may be changed before {@link
     *     #runRest}
     */
    Tensor runFirst(List<FastWeights> learned) {
        firstMaps = layers.first().forward(features, learned);
        return firstMaps;
    }

    /** Runs all behind the first layer, up to the logits. */
    void runRest(List<FastWeights> learned) {
        runRest(firstMaps, learned);
    }

    /** Runs all behind the first layer on an output of it. */
    void runRest(Tensor maps, List<FastWeights> learned) {
        lastMaps = maps;
        for (Layer layer : between) {
            lastMaps = layer.forward(lastMaps, learned);
        }
    }

    /** The logits of a window after {@link #runRest}. */
    void logits(int window, float[] logits) {
        layers.head().logits(lastMaps, window, logits);
    }

    /**
     * Goes back from the logits to the first normalisation; the gradients are then known to each.
     * For that of the first one only those values count that a pool behind it has let through.
     *
     * @param logitGradient of a loss by the logits, {@code [windows, classes]}
     */
    void backward(double[] logitGradient) {
        Tensor gradient = layers.head().backward(logitGradient, lastMaps);
        for (int i = between.size() - 1; i >= 0; i--) {
            if (i == 2 && firstPool != null) {
                Rectifier.mask(gradient, firstPool.result());
                NormLayer norm = norms.get(0);
                norm.measureSlopes(gradient, firstPool.gather(norm.input()));
                return;
            }
            if (between.get(i) instanceof NormLayer norm) {
                norm.measureSlopes(gradient);
                if (norm == norms.get(0)) {
                    return;
                }
            }
            gradient = between.get(i).backward(gradient);
        }
    }

    /** What the normalisations gave in the last run, by name, {@code [windows, channels, time]}. */
    Map<String, CaseTensor> taps() {
        Map<String, CaseTensor> taps = new LinkedHashMap<>();
        norms.forEach(norm -> taps.put(norm.name(), maps(norm.result())));
        return taps;
    }

    /** A copy of maps, without the axis of one row. */
    static CaseTensor maps(Tensor tensor) {
        return CaseTensor.of(
                Arrays.copyOf(tensor.data(), tensor.size()),
                tensor.dimension(0),
                tensor.dimension(1),
                tensor.dimension(3));
    }

    @Override
    public void close() {
        layers.first().close();
        between.forEach(Layer::close);
    }
}
