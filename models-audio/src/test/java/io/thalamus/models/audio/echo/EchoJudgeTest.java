/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EchoJudgeTest {
    private static final int HOP = 2;
    private static final EchoJudge JUDGE = new EchoJudge(HOP);

    /**
     * A tenth of the amplitude, an ERLE of 20 dB; of the block alone, without the hop behind it.
     */
    @Test
    void theErrorIsWhatIsLeftOfTheMicrophoneInAmplitude() {
        SignalFrame call = window(0.1f, 0.1f, 0.9f);
        float[] voice = new float[8];
        Arrays.fill(voice, 0, 6, 0.01f);
        Arrays.fill(voice, 6, 8, 7);
        assertThat(JUDGE.judges(call)).isTrue();
        assertThat(JUDGE.feedback(call, voice).error()).isCloseTo(0.1, within(1e-6));
    }

    @Test
    void onlyAFarEndThatIsAloneShowsAnything() {
        assertThat(JUDGE.judges(window(0.1f, 0.1f, 0.2f))).as("a voice").isFalse();
        assertThat(JUDGE.judges(window(0.1f, 0.1f, 0))).as("no far end").isFalse();
    }

    /** It teaches, but what comes of it is of the silence. */
    @Test
    void aBlockOfSilenceShowsNothing() {
        SignalFrame call = window(0, 0.1f, 0.9f);
        assertThat(JUDGE.teaches(call)).isTrue();
        assertThat(JUDGE.of(call, new float[8])).isEmpty();
    }

    /** Of a block of six samples at one level of the microphone, and a hop at another. */
    private static SignalFrame window(float block, float hop, float farEnd) {
        float[] samples = new float[16];
        Arrays.fill(samples, 0, 6, block);
        Arrays.fill(samples, 6, 8, hop);
        Arrays.fill(samples, 8, 16, farEnd);
        return new SignalFrame(
                "s", 0, 0, 0, SampleRate.ofHertz(16000), List.of("mic", "far"), samples, 0);
    }
}
