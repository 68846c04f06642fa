/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.schemas.Annotation;
import java.util.List;
import org.junit.jupiter.api.Test;

class CuedSimulatorTest {
    @Test
    void theTriggerIsHighForTenMillisecondsFromEachCueOn() {
        WordsSimulator reader = new WordsSimulator(1, 1, 1000, 8, 1, 2, 2);
        List<Annotation> words = reader.labels("r", 0);
        CuedSimulator cued = new CuedSimulator(reader, words);
        short[][] steps = cued.steps();

        assertThat(cued.channels()).containsExactly("LA1", "LA2", "TRIG");
        assertThat(new short[][] {steps[0], steps[1]}).isDeepEqualTo(reader.steps());
        assertThat(words).hasSize(2);
        for (int n = 0; n < 8000; n++) {
            boolean high = false;
            for (Annotation word : words) {
                long since = n - word.onsetNanos() / 1_000_000;
                high |= since >= 0 && since < 10;
            }
            assertThat(steps[2][n]).as("sample %d", n).isEqualTo((short) (high ? 50 : 0));
        }
    }
}
