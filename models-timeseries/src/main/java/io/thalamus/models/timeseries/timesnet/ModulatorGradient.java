/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.operators.inference.training.Dropout;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import java.util.Map;

/**
 * The loss of one window, and its gradient by the gains and offsets of a {@link Modulator}: through
 * the engine back to the modulated sequence, and from there in Java.
 */
final class ModulatorGradient implements AutoCloseable {
    private final TimesNetConfig config;
    private final Modulator modulator;
    private final Embedding embedding;
    private final TrainedEncoder encoder;
    private final TrainedHead head;
    private final Dropout noDropout = new Dropout(0, 0);

    private final Tensor embedded = Tensor.empty();
    private final Tensor sequence = Tensor.empty();

    /**
     * What a window has to say.
     *
     * @param mean of the loss
     * @param gradient of it by the modulator's values
     */
    record Value(double mean, double[] gradient) {}

    ModulatorGradient(TimesNetConfig config, TimesNetWeights weights, GraphEngine engine) {
        Normalisation normalisation = Network.normalisation(config);
        this.config = config;
        this.modulator = new Modulator(config, weights);
        this.embedding = new Embedding(config, normalisation, weights, engine, Trace.off());
        this.encoder = new TrainedEncoder(config, weights, engine);
        this.head = new TrainedSampleHead(config, normalisation, weights, engine);
    }

    /**
     * Computes it.
     *
     * @param learned what the stream knows of its embedding
     * @param target what came, {@code channels x horizon}; or the window before values of it were
     *     hidden
     */
    Value of(SignalFrame window, FastWeights learned, float[] target) {
        float[][] windows = {window.samples()};
        float[][] marks = config.timeFeatures(List.of(window));
        embedding.run(windows, marks, List.of(learned), embedded);
        sequence.reshape(embedded.shape());
        System.arraycopy(embedded.data(), 0, sequence.data(), 0, embedded.size());
        modulator.apply(sequence, 0, modulator.of(learned));
        encoder.forward(sequence);
        float[][] results = head.forward(sequence, noDropout);
        Loss.Value loss =
                Loss.of(config.task()).of(List.of(new TrainingExample(window, target)), results);
        head.backward(loss.gradients(), sequence, Map.of());
        encoder.backward(sequence);
        return new Value(loss.mean(), modulator.gradient(embedded, sequence, 0));
    }

    @Override
    public void close() {
        head.close();
        encoder.close();
        embedding.close();
    }
}
