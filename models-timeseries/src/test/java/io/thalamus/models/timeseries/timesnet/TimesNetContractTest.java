/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.TrendCorrection;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelContract;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.SignalFrame;
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

    /** A modulator and a correction of a forecast's trend, as if they had been learned. */
    @Override
    protected FastWeights fastWeights(GraphEngine on, SignalFrame window, SplittableRandom chance) {
        TimesNetConfig config =
                TimesNetConfig.of(TestBundles.bundle("/bundles/" + bundle).config());
        if (!config.task().forecasts()) {
            return FastWeights.none();
        }
        return new FastWeights(
                1,
                Map.of(
                        Modulator.GAIN, some(config.width(), chance),
                        Modulator.OFFSET, some(config.width(), chance),
                        DelayedErrorLearning.MAP, some(TrendCorrection.values(), chance)));
    }

    private static float[] some(int count, SplittableRandom chance) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) chance.nextDouble(-0.5, 0.5);
        }
        return values;
    }
}
