/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;

/** What changing the rate to the same rate comes to. */
record Unchanged(StreamShape outputShape) implements PreparedTransform {

    @Override
    public TransformState start() {
        return TransformState.none();
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        out.append(in, 0, in.length());
    }
}
