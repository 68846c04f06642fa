/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import java.util.function.DoubleUnaryOperator;

/** The same function of every value by itself; of NaN it must be NaN. */
record Pointwise(StreamShape outputShape, DoubleUnaryOperator function)
        implements PreparedTransform {

    @Override
    public TransformState start() {
        return TransformState.none();
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        int at = out.extend(in.length());
        double[] from = in.values();
        double[] to = out.values();
        for (int i = 0; i < in.length() * in.channels(); i++) {
            to[at + i] = function.applyAsDouble(from[i]);
        }
    }
}
