/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.NamedWeights;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.training.Dropout;
import io.thalamus.operators.inference.training.LearnedWeights;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Codes that tell signals. The loss is the error of the signals that are made of the codes, and how
 * far the tokens are from their codes. Gradients by the codes are passed on to the tokens; the
 * codes follow the tokens by averages, and begin anew where tokens are if they have none.
 */
final class CodeLesson implements Lesson {
    private static final String BLOCK = "desubj_block.subj_layer.";
    private static final double SHORTEST = 1e-12;

    /** How often codes are restarted: as many steps as their counts are averaged over. */
    private static final int RESTART_STEPS = 100;

    private final DuinConfig config;
    private final LearnedWeights weights;
    private final LearningFrontEnd front;
    private final LearningSegment coding;
    private final LearningSegment decoding;
    private final LearningChain ending;
    private final Codebook codebook;
    private final long seed;

    private final Tensor byPatches = Tensor.empty();
    private final Tensor byCodes = Tensor.empty();
    private final Tensor bySignals = Tensor.empty();
    private final Tensor byTokens = Tensor.empty();
    private final Tensor byMatrices = Tensor.empty();
    private final Tensor byBiases = Tensor.empty();

    /**
     * A lesson.
     *
     * @param seed of the codes that are found first
     */
    CodeLesson(
            DuinConfig config,
            LearnedWeights weights,
            DuinGraphs graphs,
            GraphEngine engine,
            long seed) {
        this.config = config;
        this.weights = weights;
        this.seed = seed;
        this.front = new LearningFrontEnd(config, weights, graphs, engine);
        this.coding = new LearningSegment(graphs.codes(config.patches()), engine);
        this.decoding = new LearningSegment(graphs.decoded(config.patches()), engine);
        this.ending = new LearningChain(graphs.signalPieces(config.patches()), engine);
        Map<String, Tensor> all = weights.all();
        this.codebook =
                new Codebook(
                        all.get(DuinWeights.CODEBOOK),
                        all.get(InitialWeights.COUNTS),
                        all.get(InitialWeights.FOUND));
    }

    @Override
    public double learn(Batch batch, Dropout dropout) {
        Tensor patches = front.forward(batch, dropout);
        coding.forward(weights.all(), dropout, patches);
        Quantizer quantizer = quantized();
        if (!codebook.isFound()) {
            codebook.find(quantizer.points(), new SplittableRandom(seed));
            coding.forward(weights.all(), dropout, patches);
            quantizer = quantized();
        }
        decoding.forward(weights.all(), dropout, quantizer.nearest());
        BackInput back =
                new BackInput(
                        Projections.back(
                                config,
                                new DuinWeights(NamedWeights.of(weights.all()), "the training")));
        back.set(batch.subjects());
        Tensor made =
                ending.forward(
                        weights.all(),
                        dropout,
                        new Tensor[] {decoding.output(DuinGraphs.DECODED)},
                        back.matrices(),
                        back.biases());
        double loss = loss(batch, quantizer, made);
        goBack(batch, quantizer);
        codebook.follow(quantizer.points(), quantizer.codes());
        if (weights.steps() % RESTART_STEPS == RESTART_STEPS - 1) {
            SplittableRandom random =
                    new SplittableRandom(
                            new SplittableRandom(seed + 2).nextLong() ^ weights.steps());
            codebook.restart(quantizer.points(), random);
        }
        return loss;
    }

    private Quantizer quantized() {
        Quantizer quantizer = new Quantizer(codebook.vectors());
        quantizer.run(coding.output(DuinGraphs.POINTS), coding.output(DuinGraphs.PRODUCTS));
        return quantizer;
    }

    private double loss(Batch batch, Quantizer quantizer, Tensor output) {
        float[] made = Arrays.copyOf(output.data(), output.size());
        float[] signals = batch.signals();
        float[] mask = batch.wholeChannels(config.channels());
        Losses.byReconstructed(signals, made, mask, bySignals.reshape(output.shape()).data());
        return Losses.reconstruction(signals, made, mask)
                + Losses.commitment(
                        quantizer.points().data(),
                        quantizer.nearest().data(),
                        quantizer.points().size(),
                        config.quantizer().beta());
    }

    private void goBack(Batch batch, Quantizer quantizer) {
        Map<String, Tensor> gradients = weights.gradients();
        ending.backward(bySignals, gradients, new Tensor[] {byTokens}, byMatrices, byBiases);
        Projections projections =
                Projections.back(
                        config, new DuinWeights(NamedWeights.of(weights.all()), "the training"));
        int row = projections.inputs();
        int out = projections.outputs();
        for (int i = 0; i < batch.size(); i++) {
            projections.addGradients(
                    batch.subjects()[i],
                    byMatrices.data(),
                    i * out * row,
                    row,
                    byBiases.data(),
                    i * out,
                    1,
                    gradients.get(BLOCK + "W.weight"),
                    gradients.get(BLOCK + "B.weight"));
        }
        give(byTokens, decoding.byOutput(DuinGraphs.DECODED));
        decoding.backward(gradients, byCodes);
        throughUnitLength(quantizer, coding.byOutput(DuinGraphs.POINTS));
        coding.backward(gradients, byPatches);
        front.backward(byPatches);
    }

    /** From the codes to the tokens at unit length, with what pulls these, and to the raw ones. */
    private void throughUnitLength(Quantizer quantizer, Tensor byRaw) {
        int width = config.quantizer().width();
        float[] raw = coding.output(DuinGraphs.POINTS).data();
        float[] points = quantizer.points().data();
        float[] nearest = quantizer.nearest().data();
        int size = quantizer.points().size();
        double pull = 2 * config.quantizer().beta() / size;
        double[] byPoint = new double[width];
        for (int at = 0; at < size; at += width) {
            double square = 0;
            double along = 0;
            for (int i = 0; i < width; i++) {
                square += (double) raw[at + i] * raw[at + i];
                byPoint[i] = byCodes.data()[at + i] + pull * (points[at + i] - nearest[at + i]);
                along += byPoint[i] * points[at + i];
            }
            double length = Math.max(Math.sqrt(square), SHORTEST);
            for (int i = 0; i < width; i++) {
                byRaw.data()[at + i] = (float) ((byPoint[i] - along * points[at + i]) / length);
            }
        }
    }

    private static void give(Tensor from, Tensor to) {
        System.arraycopy(from.data(), 0, to.data(), 0, to.size());
    }

    /** Of the signals alone, as what codes are for. */
    @Override
    public double loss(Batch batch, List<float[]> results) {
        return Losses.reconstruction(
                batch.signals(), Losses.joined(results), batch.wholeChannels(config.channels()));
    }

    @Override
    public void close() {
        ending.close();
        decoding.close();
        coding.close();
        front.close();
    }
}
