/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.adaptation.GuardedPlasticity;
import io.thalamus.operators.adaptation.Lesson;
import java.util.ArrayList;
import java.util.List;

/**
 * A model whose streams learn: a window is judged by what the windows before it have taught, then
 * it teaches. Where learning compares it with what other weights make of it, those are further
 * elements of the same call.
 */
public final class LearningModel implements AutoCloseable {
    private final StreamModel model;
    private final GuardedPlasticity plasticity;

    /**
     * A window's result.
     *
     * @param output what the network made of it
     * @param lesson what the stream has learned of it
     */
    public record Result(ModelOutput output, Lesson lesson) {}

    /**
     * Takes the plasticity over, but not the model.
     *
     * @param model outlives this
     */
    public LearningModel(StreamModel model, GuardedPlasticity plasticity) {
        this.model = model;
        this.plasticity = plasticity;
    }

    /** Opens what a bundle's streams learn by; the caller closes it before the model. */
    public static LearningModel open(
            ModelFactory factory,
            ModelBundle bundle,
            GraphEngine engine,
            StreamModel model,
            AdaptationSettings settings) {
        return new LearningModel(
                model,
                new GuardedPlasticity(
                        factory.plasticity(bundle, engine, settings), settings.guards()));
    }

    /** How what is learned is guarded. */
    public GuardedPlasticity plasticity() {
        return plasticity;
    }

    /** Judges windows of different streams, and learns from them. */
    public List<Result> infer(List<ModelInput> batch) {
        var probed = new ProbedBatch(batch, plasticity::probes);
        List<ModelOutput> outputs = StreamModel.inferred(model, probed.inputs());
        List<Result> results = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            ModelInput input = batch.get(i);
            Lesson lesson =
                    plasticity.learn(
                            input.fastWeights(),
                            input.window(),
                            outputs.get(i).values(),
                            probed.probed(outputs, i));
            results.add(new Result(outputs.get(i), lesson));
        }
        return results;
    }

    @Override
    public void close() {
        plasticity.close();
    }
}
