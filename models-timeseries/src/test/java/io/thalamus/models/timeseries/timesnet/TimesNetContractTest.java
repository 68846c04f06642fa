/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.TrendCorrection;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelContract;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.SignalFrame;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** On the engines that give an element the same bits in a batch of any size. */
@ParameterizedClass
@CsvSource({
    "mxnet, wide",
    "mxnet-interpreter, wide",
    "mxnet, fill-learned-minutes",
    "mxnet, fill-line",
    "mxnet, detect",
    "mxnet, classify"
})
class TimesNetContractTest extends ModelContract {
    @Parameter(0)
    private String engine;

    @Parameter(1)
    private String bundle;

    @Override
    protected GraphEngine openEngine() {
        return GraphEngines.open(engine);
    }

    @Override
    protected StreamModel open(GraphEngine on) {
        return new TimesNetFactory().open(TestBundles.bundle("/bundles/" + bundle), on);
    }

    /** What streams of the task could have learned. */
    @Override
    protected FastWeights fastWeights(GraphEngine on, SignalFrame window, SplittableRandom chance) {
        TimesNetConfig config =
                TimesNetConfig.of(TestBundles.bundle("/bundles/" + bundle).config());
        if (config.task().classifies()) {
            return FastWeights.none();
        }
        Map<String, float[]> deltas = new HashMap<>();
        deltas.put(Modulator.GAIN, some(config.width(), chance));
        deltas.put(Modulator.OFFSET, some(config.width(), chance));
        if (config.task().forecasts()) {
            deltas.put(DelayedErrorLearning.MAP, some(TrendCorrection.values(), chance));
        } else {
            deltas.put(ResidualGain.GAIN, some(config.channels(), chance));
        }
        return new FastWeights(1, deltas);
    }

    private static float[] some(int count, SplittableRandom chance) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) chance.nextDouble(-0.5, 0.5);
        }
        return values;
    }
}
