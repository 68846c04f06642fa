/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.training.LearningNetwork;
import java.util.List;

/**
 * The network of every task: normalise and embed the windows, encode them, and make of that what
 * the task wants. Holds nothing of one batch but buffers.
 */
final class Network implements LearningNetwork.Deployed {
    private final Embedding embedding;
    private final Modulator modulator;
    private final Encoder encoder;
    private final Head head;
    private final Tensor sequence = Tensor.empty();

    Network(TimesNetConfig config, TimesNetWeights weights, GraphEngine engine, Trace trace) {
        Normalisation normalisation = normalisation(config);
        this.embedding = new Embedding(config, normalisation, weights, engine, trace);
        this.modulator = new Modulator(config, weights);
        this.encoder = new Encoder(config, config.length(), weights, engine, trace);
        this.head =
                config.task().classifies()
                        ? new ClassHead(weights, engine, trace)
                        : new SampleHead(config, normalisation, weights, engine, trace);
    }

    /** What brings windows to the network's units. */
    static Normalisation normalisation(TimesNetConfig config) {
        int channels = config.channels();
        int length = config.inputLength();
        double epsilon = config.normalisationEpsilon();
        if (config.task().classifies()) {
            return Normalisation.none(channels, length);
        }
        return config.linear()
                ? Normalisation.linear(channels, length, epsilon)
                : new Normalisation(channels, length, epsilon);
    }

    /**
     * Runs a batch.
     *
     * @param windows {@code channels x inputLength} values each
     * @param marks what else is known of each sample of each window: {@code inputLength x count}
     *     time features, or, for a classification, {@code inputLength} ones, and zeros where the
     *     window is padded; none if nothing is known
     * @param sharePeriods see {@link PeriodSearch#run}
     * @return for each window {@code channels x horizon} values of a forecast, {@code channels x
     *     inputLength} of a reconstruction, or one logit for each class
     */
    float[][] run(float[][] windows, float[][] marks, boolean sharePeriods) {
        embedding.run(windows, marks, sequence);
        return encoded(marks, sharePeriods);
    }

    /**
     * Runs a batch, each window with what its stream has learned; see {@link #run(float[][],
     * float[][], boolean)}.
     */
    float[][] run(float[][] windows, float[][] marks, List<FastWeights> learned) {
        embedding.run(windows, marks, learned, sequence);
        for (int window = 0; window < windows.length; window++) {
            if (Modulator.isIn(learned.get(window))) {
                modulator.apply(sequence, window, modulator.of(learned.get(window)));
            }
        }
        return encoded(marks, /* sharePeriods= */ false);
    }

    private float[][] encoded(float[][] marks, boolean sharePeriods) {
        encoder.run(sequence, sharePeriods);
        return head.run(sequence, marks);
    }

    @Override
    public void close() {
        head.close();
        encoder.close();
        embedding.close();
    }
}
