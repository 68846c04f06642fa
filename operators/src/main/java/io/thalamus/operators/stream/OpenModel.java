/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.StreamModel;

/** A model with all that it stands on. */
record OpenModel(StagedBundle bundle, GraphEngine engine, StreamModel model)
        implements AutoCloseable {

    /** Closes the model, then its engine, then the copy of its bundle, each whatever happens. */
    @Override
    public void close() {
        try {
            model.close();
        } finally {
            try {
                engine.close();
            } finally {
                bundle.close();
            }
        }
    }
}
