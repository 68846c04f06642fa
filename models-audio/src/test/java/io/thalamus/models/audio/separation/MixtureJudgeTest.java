/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MixtureJudgeTest {
    private static final MixtureJudge JUDGE = new MixtureJudge(2);

    /** A tenth of the amplitude, 20 dB below. */
    @Test
    void theErrorIsWhatVoicesLackOfTheMixtureInAmplitude() {
        SignalFrame mixture = window(0.5f);
        float[] voices = new float[16 + 4];
        Arrays.fill(voices, 0, 8, 0.15f);
        Arrays.fill(voices, 8, 16, 0.3f);
        assertThat(JUDGE.judges(mixture)).isTrue();
        assertThat(JUDGE.feedback(mixture, voices).error()).isCloseTo(0.1, within(1e-6));
    }

    @Test
    void whatIsNearlySilentShowsNothing() {
        assertThat(JUDGE.judges(window(0.0011f))).isTrue();
        assertThat(JUDGE.judges(window(0.0009f))).isFalse();
        assertThat(JUDGE.of(window(0), new float[16])).isEmpty();
    }

    private static SignalFrame window(float level) {
        float[] samples = new float[8];
        Arrays.fill(samples, level);
        return new SignalFrame(
                "s", 0, 0, 0, SampleRate.ofHertz(8000), List.of("mixture"), samples, 0);
    }
}
