/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelContract;
import io.thalamus.operators.inference.StreamModel;

class TimesNetContractTest extends ModelContract {
    @Override
    protected StreamModel open(GraphEngine on) {
        return new TimesNetFactory().open(TestBundles.bundle("/bundles/wide"), on);
    }
}
