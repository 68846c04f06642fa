/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.inference.RateSchedule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PositionTest {
    private static final TrainingPlan PLAN =
            new TrainingPlan(32, 10, 3, 1e-4, RateSchedule.HALVING, 1);

    private static Position after(double... losses) {
        List<Epoch> epochs = new ArrayList<>();
        for (double loss : losses) {
            epochs.add(new Epoch(epochs.size() + 1, 1e-4, 1, loss, null));
        }
        return new Position(epochs.size() + 1, 0, 0, epochs, 0, 0);
    }

    @Test
    void endsOncePatienceIsLost() {
        assertThat(Position.start().isEnd(PLAN)).isFalse();
        assertThat(after(0.8, 0.7, 0.9, 0.8).isEnd(PLAN)).isFalse();
        assertThat(after(0.8, 0.7, 0.9, 0.8, 0.7).isEnd(PLAN)).isTrue();
        assertThat(after(0.8, 0.7, 0.9, 0.8, 0.6).isEnd(PLAN)).isFalse();
        assertThat(after(0.8, 0.7, 0.9, 0.8, 0.7).best().orElseThrow().epoch()).isEqualTo(2);
    }

    @Test
    void endsAfterTheLastEpoch() {
        assertThat(after(9, 8, 7, 6, 5, 4, 3, 2, 1).isEnd(PLAN)).isFalse();
        assertThat(after(9, 8, 7, 6, 5, 4, 3, 2, 1, 0).isEnd(PLAN)).isTrue();
    }
}
