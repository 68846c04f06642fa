/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelContract;
import io.thalamus.operators.inference.StreamModel;

class EchoContractTest extends ModelContract {

    @Override
    protected StreamModel open(GraphEngine on) {
        return new EchoFactory().open(TestBundles.bundle(TestBundles.SMALL), on);
    }
}
