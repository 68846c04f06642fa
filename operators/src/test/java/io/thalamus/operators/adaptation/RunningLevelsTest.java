/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunningLevelsTest {
    private static final SampleRate HOURLY = SampleRate.ofPeriod(Duration.ofHours(1));
    private static final int LENGTH = 4;
    private static final PendingForecasts PENDING =
            new PendingForecasts(LENGTH, 2, 1, 1, /* budget= */ 1 << 16);

    private Map<String, float[]> memory = new HashMap<>();

    /** However far windows are apart, a level has the share 1/e after four of their lengths. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void levelsFollowThoseOfWindows(int hop) {
        take(window(0, 0, 10, -10));
        assertThat(memory.get("trend.levels")).containsExactly(10, -10);
        for (int at = hop; at <= 4 * LENGTH; at += hop) {
            take(window(at, 0, 0, 0));
        }
        float left = (float) (10 / Math.E);
        SignalFrame next = window(4 * LENGTH + hop, 0, 5, 5);
        assertThat(RunningLevels.until(memory, next))
                .containsExactly(new float[] {left, -left}, within(1e-5f));
    }

    /** As where a forecast is due before the next one is kept. */
    @Test
    void theyGoOnWhereNothingIsPending() {
        PendingForecasts seldom = new PendingForecasts(LENGTH, 2, 1, 4, /* budget= */ 1 << 16);
        for (int at = 0; at < 40; at += 2) {
            take(seldom, window(at, 0, at == 0 ? 10 : 0, 0));
        }
        assertThat(memory.get("trend.levels")[0])
                .isCloseTo((float) (10 * Math.exp(-38.0 / (4 * LENGTH))), within(1e-4f));
    }

    @Test
    void theyBeginAnewWhereAWindowDoesNotGoOn() {
        take(window(0, 0, 10, -10));
        float[] own = {1, 2};
        for (SignalFrame window : List.of(window(LENGTH + 1, 0, 1, 2), window(1, 1, 1, 2))) {
            assertThat(RunningLevels.until(memory, window)).containsExactly(own);
            Map<String, float[]> after = new HashMap<>();
            RunningLevels.take(memory, window, after);
            assertThat(after.get("trend.levels")).containsExactly(own);
        }
        assertThat(RunningLevels.until(Map.of(), window(0, 0, 1, 2))).containsExactly(own);
    }

    private void take(SignalFrame window) {
        take(PENDING, window);
    }

    private void take(PendingForecasts pending, SignalFrame window) {
        Map<String, float[]> after =
                new HashMap<>(pending.take(memory, window, new float[1]).memory());
        RunningLevels.take(memory, window, after);
        memory = after;
    }

    private static SignalFrame window(long at, int segment, float some, float other) {
        float[] samples = new float[2 * LENGTH];
        for (int t = 0; t < LENGTH; t++) {
            samples[t] = some + (t % 2 == 0 ? 1 : -1);
            samples[LENGTH + t] = other + (t % 2 == 0 ? 2 : -2);
        }
        return new SignalFrame("s", at, segment, at, HOURLY, List.of("a", "b"), samples, 0);
    }
}
