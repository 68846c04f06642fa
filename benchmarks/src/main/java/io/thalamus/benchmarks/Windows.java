/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;

/** Windows of one hourly stream, for a model without memory. */
final class Windows {
    private static final SampleRate HOURLY = new SampleRate(1, 3600);

    private Windows() {}

    static ModelInput hourly(int start, List<String> channels, float[] samples) {
        SignalFrame window =
                new SignalFrame("s", start, 0, HOURLY.nanosOf(start), HOURLY, channels, samples, 0);
        return new ModelInput(window, CarriedState.empty(), FastWeights.none());
    }
}
