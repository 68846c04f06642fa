/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelContract;
import io.thalamus.operators.inference.StreamModel;
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
}
