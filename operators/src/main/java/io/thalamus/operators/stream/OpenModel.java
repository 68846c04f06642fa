/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.GuardedPlasticity;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.LearningModel;
import io.thalamus.operators.inference.StreamModel;
import java.util.Optional;

/**
 * A model with all that it stands on.
 *
 * @param digest the bundle's; empty if streams do not learn
 * @param learning the same model with what its streams learn by; empty if they do not
 * @param initial what streams know when they begin; empty if nothing
 */
record OpenModel(
        StagedBundle bundle,
        String digest,
        GraphEngine engine,
        StreamModel model,
        Optional<LearningModel> learning,
        Optional<InitialWeights> initial)
        implements AutoCloseable {

    /** How its streams learn, which do. */
    GuardedPlasticity plasticity() {
        return learning.orElseThrow().plasticity();
    }

    /** What a stream knows when it begins. */
    FastWeights initial(String stream) {
        return initial.map(known -> known.of(stream)).orElse(FastWeights.none());
    }

    /** Closes what is on top first, each whatever happens to the others. */
    @Override
    public void close() {
        try (bundle;
                engine;
                model) {
            learning.ifPresent(LearningModel::close);
            initial.ifPresent(InitialWeights::close);
        }
    }
}
