/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.SampleRate;
import java.util.List;

/** The values of one channel at 10 Hz. */
final class Values {
    static final StreamShape SHAPE = new StreamShape(List.of("x"), SampleRate.ofHertz(10));

    private Values() {}

    static double[] through(SignalTransform transform, double... values) {
        return SignalChain.whole(new double[][] {values}, SHAPE, List.of(transform))[0];
    }
}
