/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.util.List;
import java.util.Optional;

/**
 * A network from a bundle, ready to run. It holds no stream's memory: what a stream remembers and
 * what it has learned go in with its window. The result for an element depends on that element
 * alone, bit for bit, whatever else is in the batch. Used by one thread at a time.
 */
public interface StreamModel extends AutoCloseable {

    ModelSignature signature();

    /**
     * Why a window's values cannot be used, as a part of a sentence; empty if they can. Such a
     * window has no result.
     */
    default Optional<String> objectionToValues(SignalFrame window) {
        if (!signature().acceptsMissing()) {
            for (float value : window.samples()) {
                if (!Float.isFinite(value)) {
                    return Optional.of("values are missing");
                }
            }
        }
        return Optional.empty();
    }

    /** Runs the network once over a batch; one result for each element, in the same order. */
    List<ModelOutput> infer(List<ModelInput> batch);

    /**
     * What an output means: the records for the window it came from, of the signature's class, in
     * their order. Most models give one; one that separates voices gives a frame for each, and one
     * that has to wait gives none. What is not a frame has the window's own stream. A model whose
     * factory says so gives {@link io.thalamus.schemas.TokenFrame}s beside them.
     */
    List<WireRecord> interpret(SignalFrame window, ModelOutput output);

    /**
     * What a model makes of a batch.
     *
     * @throws IllegalStateException if it gives more or fewer results than there are elements
     */
    static List<ModelOutput> inferred(StreamModel model, List<ModelInput> batch) {
        List<ModelOutput> outputs = model.infer(batch);
        if (outputs.size() != batch.size()) {
            throw new IllegalStateException(
                    "model %s gave %d results for %d windows"
                            .formatted(model.signature().model(), outputs.size(), batch.size()));
        }
        return outputs;
    }

    @Override
    void close();
}
