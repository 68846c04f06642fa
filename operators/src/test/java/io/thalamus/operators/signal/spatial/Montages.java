/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.SampleRate;
import java.util.List;

/** What transforms without memory make of channels, whose names are given with blanks between. */
final class Montages {
    private Montages() {}

    static StreamShape shape(String names) {
        return new StreamShape(List.of(names.split(" ")), SampleRate.ofHertz(1));
    }

    static List<String> names(SignalTransform transform, String names) {
        return transform.prepare(shape(names)).outputShape().channels();
    }

    /** What comes out for one sample. */
    static double[] sample(SignalTransform transform, String names, double... values) {
        double[][] in = new double[values.length][];
        for (int i = 0; i < in.length; i++) {
            in[i] = new double[] {values[i]};
        }
        double[][] out = SignalChain.whole(in, shape(names), List.of(transform));
        double[] sample = new double[out.length];
        for (int i = 0; i < sample.length; i++) {
            sample[i] = out[i][0];
        }
        return sample;
    }
}
