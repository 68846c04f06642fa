/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.ChannelStatistics;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.HomeostaticLearning;
import io.thalamus.operators.adaptation.Modulation;
import io.thalamus.operators.adaptation.Rows;
import io.thalamus.operators.adaptation.Softmax;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The classifier on streams. An output is the logits of its classes, and behind them what a stream
 * learns from: mean and biased variance of each channel of the first layer, before what the stream
 * has learned is applied to it.
 *
 * <p>Windows of streams that have learned different things share their calls of the engine, as
 * {@link ClassifierNetwork} and {@link FirstLayer} say.
 */
final class Classifier implements StreamModel {
    private final ModelSignature signature;
    private final ClassifierConfig config;
    private final ClassifierNetwork network;
    private final Optional<ChannelStatistics> source;

    Classifier(
            ModelSignature signature,
            ClassifierConfig config,
            ClassifierNetwork network,
            Optional<ChannelStatistics> source) {
        this.signature = signature;
        this.config = config;
        this.network = network;
        this.source = source;
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public List<ModelOutput> infer(List<ModelInput> batch) {
        List<FastWeights> learned = batch.stream().map(ModelInput::fastWeights).toList();
        network.features(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            network.standardise(batch.get(i).window().samples(), 0, i);
        }
        Tensor maps = network.runFirst(learned);
        int neurons = network.first().neurons();
        List<float[]> values = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            float[] output = new float[network.classes() + 2 * neurons];
            measure(maps, i, output);
            modulate(maps, i, learned.get(i));
            values.add(output);
        }
        network.runRest(learned);
        List<ModelOutput> outputs = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            network.logits(i, values.get(i));
            outputs.add(new ModelOutput(values.get(i), CarriedState.empty()));
        }
        return outputs;
    }

    /** Writes the statistics of a window's maps behind its logits. */
    private void measure(Tensor maps, int window, float[] output) {
        int time = maps.dimension(3);
        int neurons = network.first().neurons();
        int mean = network.classes();
        for (int k = 0; k < neurons; k++) {
            int from = (window * neurons + k) * time;
            double centre = Rows.sum(maps.data(), from, time) / time;
            double squares = Rows.squares(maps.data(), from, time, centre);
            output[mean + k] = (float) centre;
            output[mean + neurons + k] = (float) (squares / time);
        }
    }

    /** Applies what a stream has learned to its window's maps. */
    private void modulate(Tensor maps, int window, FastWeights learned) {
        if (source.isEmpty() || !HomeostaticLearning.hasLearned(learned)) {
            return;
        }
        Modulation own = Modulation.of(source.get(), learned);
        int time = maps.dimension(3);
        for (int k = 0; k < network.first().neurons(); k++) {
            int from = (window * network.first().neurons() + k) * time;
            for (int t = from; t < from + time; t++) {
                maps.data()[t] = own.gain()[k] * maps.data()[t] + own.offset()[k];
            }
        }
    }

    @Override
    public List<WireRecord> interpret(SignalFrame window, ModelOutput output) {
        float[] probabilities = Softmax.of(output.values(), network.classes());
        return List.of(
                Classification.of(window, config.classes(), probabilities, signature.model()));
    }

    @Override
    public void close() {
        network.close();
    }
}
