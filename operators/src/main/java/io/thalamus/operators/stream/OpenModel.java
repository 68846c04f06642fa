/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.StreamModel;
import java.util.Optional;

/**
 * A model with all that it stands on.
 *
 * @param plasticity how its streams learn; empty if they do not
 */
record OpenModel(
        StagedBundle bundle, GraphEngine engine, StreamModel model, Optional<Plasticity> plasticity)
        implements AutoCloseable {

    /** Closes what is on top first, each whatever happens to the others. */
    @Override
    public void close() {
        try (bundle;
                engine;
                model) {
            plasticity.ifPresent(Plasticity::close);
        }
    }
}
