/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.adaptation.PendingForecasts.Matured;
import io.thalamus.operators.adaptation.PendingForecasts.Taken;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PendingForecastsTest {
    private static final SampleRate HOURLY = SampleRate.ofPeriod(Duration.ofHours(1));
    private static final int LENGTH = 4;
    private static final int HORIZON = 3;
    private static final int AMPLE = 1 << 20;

    /** Far along a stream, whose times are no multiples of anything. */
    private static final long FIRST = (1L << 40) + 7;

    private static final long START = 1_700_000_000_123_456_789L;

    private final List<Matured> matured = new ArrayList<>();
    private Map<String, float[]> memory = Map.of();
    private double share;

    @Test
    void aForecastComesWithWhatCameAsSoonAsAllOfItHasCome() {
        PendingForecasts pending = pending(1, AMPLE);
        for (int at = 0; at < HORIZON; at++) {
            take(pending, window(at, 0));
            assertThat(matured).as("after window %d", at).isEmpty();
        }
        take(pending, window(HORIZON, 0));
        assertThat(matured).hasSize(1);
        assertThat(matured.get(0).window()).isEqualTo(window(0, 0));
        assertThat(matured.get(0).kept()).containsExactly(0, 0.5f);
        assertThat(matured.get(0).truth()).containsExactly(4, 5, 6, -4, -5, -6);
        assertThat(share).isEqualTo(1.0 / HORIZON);
        take(pending, window(HORIZON + 1, 0));
        assertThat(matured).hasSize(2);
        assertThat(matured.get(1).window()).isEqualTo(window(1, 0));
        assertThat(matured.get(1).kept()).containsExactly(1, 0.5f);
        assertThat(matured.get(1).truth()).containsExactly(5, 6, 7, -5, -6, -7);
    }

    @Test
    void windowsMayBeAnyPartOfALengthApart() {
        for (int hop = 1; hop <= LENGTH; hop++) {
            matured.clear();
            memory = Map.of();
            PendingForecasts pending = pending(1, AMPLE);
            for (int k = 0; k < 12; k++) {
                take(pending, window(k * hop, 0));
                int end = k * hop + LENGTH;
                int due = Math.floorDiv(Math.max(-hop, end - LENGTH - HORIZON), hop) + 1;
                assertThat(matured).as("hop %d, window %d", hop, k).hasSize(due);
            }
            int last = matured.size() - 1;
            assertThat(matured.get(last).window()).isEqualTo(window(last * hop, 0));
            assertThat(matured.get(last).truth()[0]).isEqualTo(last * hop + LENGTH);
        }
    }

    @Test
    void theForecastOfEveryNthWindowOfASegmentIsKept() {
        PendingForecasts pending = pending(3, AMPLE);
        for (int at = 0; at < 12; at++) {
            take(pending, window(at, 0));
        }
        assertThat(matured)
                .extracting(m -> m.window().sequence() - FIRST)
                .containsExactly(0L, 3L, 6L);
        assertThat(share).isEqualTo(1);
    }

    /** As where a forecast is due before the next one is kept. */
    @Test
    void aWindowGoesOnFromOneBeforeItWhereNothingIsPending() {
        PendingForecasts pending = pending(3, AMPLE);
        for (int at = 0; at < 18; at += 2) {
            take(pending, window(at, 0));
            assertThat(PendingForecasts.news(memory, window(at + 2, 0))).hasValue(2);
        }
        assertThat(matured)
                .extracting(m -> m.window().sequence() - FIRST)
                .containsExactly(0L, 6L, 12L);
    }

    @Test
    void aBreakDropsWhatIsPending() {
        PendingForecasts pending = pending(1, AMPLE);
        take(pending, window(0, 0));
        take(pending, window(1, 0));
        take(pending, window(2, 1));
        take(pending, window(3, 1));
        take(pending, window(4, 1));
        assertThat(matured).isEmpty();
        take(pending, window(5, 1));
        assertThat(matured).extracting(Matured::window).containsExactly(window(2, 1));
    }

    @Test
    void samplesThatNoWindowBroughtDropWhatIsPending() {
        PendingForecasts pending = pending(1, AMPLE);
        take(pending, window(0, 0));
        take(pending, window(LENGTH + 1, 0));
        take(pending, window(LENGTH + 2, 0));
        take(pending, window(LENGTH + 3, 0));
        assertThat(matured).isEmpty();
        take(pending, window(LENGTH + 4, 0));
        assertThat(matured).extracting(Matured::window).containsExactly(window(LENGTH + 1, 0));
    }

    @Test
    void whatThereIsNoRoomForIsNotKeptAndTheOldOnesAreHeldUntilTheyAreDue() {
        int budget = (int) pending(1, 0).least(2);
        PendingForecasts pending = pending(1, budget);
        assertThat(pending.most(2)).isEqualTo(1);
        assertThat(pending(1, budget - 1).most(2)).isZero();
        for (int at = 0; at < 10; at++) {
            take(pending, window(at, 0));
            FastWeights kept = new FastWeights(0, Map.of(), memory);
            assertThat(kept.bytes() - FastWeights.none().bytes()).isLessThanOrEqualTo(budget);
        }
        assertThat(matured)
                .extracting(m -> m.window().sequence() - FIRST)
                .containsExactly(0L, 3L, 6L);
    }

    @Test
    void whatElseAStreamRemembersStays() {
        float[] other = {1, 2};
        memory = Map.of("adam.means", other);
        take(pending(1, AMPLE), window(0, 0));
        assertThat(memory).containsEntry("adam.means", other).hasSize(4);
    }

    private void take(PendingForecasts pending, SignalFrame window) {
        Taken taken = pending.take(memory, window, new float[] {window.sequence() - FIRST, 0.5f});
        memory = taken.memory();
        matured.addAll(taken.matured());
        share = taken.share();
    }

    private static PendingForecasts pending(int every, int budget) {
        return new PendingForecasts(LENGTH, HORIZON, 2, every, budget);
    }

    /** Its first channel counts up, its second down. */
    private static SignalFrame window(int at, int segment) {
        float[] samples = new float[2 * LENGTH];
        for (int t = 0; t < LENGTH; t++) {
            samples[t] = at + t;
            samples[LENGTH + t] = -(at + t);
        }
        return new SignalFrame(
                "stream",
                FIRST + at,
                segment,
                START + HOURLY.nanosOf(at),
                HOURLY,
                List.of("up", "down"),
                samples,
                0);
    }
}
