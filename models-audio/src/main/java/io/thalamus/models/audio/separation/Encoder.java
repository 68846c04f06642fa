/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.adaptation.Axis;
import io.thalamus.operators.adaptation.HebbianConvolution;
import io.thalamus.operators.adaptation.Patches;
import io.thalamus.operators.adaptation.PlasticLayer;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.StreamKernel;
import io.thalamus.schemas.SignalFrame;

/** The first layer: filters over time, without a bias. */
final class Encoder {
    static final String WEIGHT = "encoder.conv1d.weight";

    private final SeparatorConfig config;
    private final float[] filters;

    Encoder(SeparatorConfig config, ModelBundle bundle) {
        this.config = config;
        this.filters =
                bundle.weight(bundle.weights(), WEIGHT, config.channels(), 1, config.kernel())
                        .data();
    }

    StreamKernel kernel() {
        return StreamKernel.of(WEIGHT, filters, config.channels(), 1, 1, config.kernel());
    }

    /** As it sees a mixture. */
    PlasticLayer plastic() {
        Axis time = new Axis(config.window(), config.kernel(), config.stride(), 0, 1);
        return new HebbianConvolution(
                WEIGHT, filters, Patches.overTime(1, time), SignalFrame::samples);
    }
}
