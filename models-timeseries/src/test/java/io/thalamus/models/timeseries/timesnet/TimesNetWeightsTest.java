/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.inference.ModelBundle;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TimesNetWeightsTest {

    @Test
    void thePositionCodeIsTheOneThatBundlesMayLeaveOut() {
        ModelBundle bundle = TestBundles.bundle(TestBundles.LONG_TERM);
        float[] stored = bundle.weights().tensor(TimesNetWeights.POSITION).data();
        float[] computed = TimesNetWeights.positionCode(96, 16);
        assertThat(computed).containsExactly(Arrays.copyOf(stored, computed.length), within(1e-5f));
    }
}
