/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.Annotation;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MachineSimulatorTest {
    private static final int HERTZ = 500;
    private static final long NANOS = 1_000_000_000L;
    private static final MachineSimulator MACHINE = new MachineSimulator(1, HERTZ, 600);
    private static final short[] FIRST_STEPS = {1998, 2749, 2805, 2214};
    private static final short[][] STEPS = MACHINE.steps();

    @Test
    void theSameSeedMakesTheSameSignalAndLabels() {
        assertThat(new MachineSimulator(1, HERTZ, 600).steps()).isDeepEqualTo(STEPS);
        assertThat(new MachineSimulator(1, HERTZ, 600).labels("m", 0))
                .isEqualTo(MACHINE.labels("m", 0));
        assertThat(new MachineSimulator(2, HERTZ, 600).labels("m", 0))
                .isNotEqualTo(MACHINE.labels("m", 0));
        assertThat(Arrays.copyOf(STEPS[0], 4)).containsExactly(FIRST_STEPS);
    }

    @Test
    void labelsFollowOneAnotherWithoutGapsAndTellAllStates() {
        List<Annotation> labels = MACHINE.labels("m", 7);

        long time = 7;
        for (Annotation label : labels) {
            assertThat(label.streamId()).isEqualTo("m");
            assertThat(label.onsetNanos()).isEqualTo(time);
            time += label.durationNanos();
        }
        assertThat(time).isEqualTo(7 + 600 * NANOS);
        assertThat(labels.subList(0, labels.size() - 1))
                .allSatisfy(
                        label ->
                                assertThat(label.durationNanos())
                                        .isBetween(3 * NANOS - 2_000_000, 9 * NANOS));
        for (int i = 1; i < labels.size(); i++) {
            assertThat(labels.get(i).text()).isNotEqualTo(labels.get(i - 1).text());
        }
        assertThat(labels.stream().map(Annotation::text).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "idle", "normal", "unbalanced", "bearing-fault", "overloaded");
    }

    @Test
    void eachStateShowsInItsOwnPartOfTheSpectrum() {
        Map<MachineState, Double> turn = new EnumMap<>(MachineState.class);
        Map<MachineState, Double> ring = new EnumMap<>(MachineState.class);
        Map<MachineState, Double> current = new EnumMap<>(MachineState.class);
        for (MachineState state : MachineState.values()) {
            turn.put(state, power(state, 0, state.speed - 1, state.speed + 1));
            ring.put(state, power(state, 0, 150, 210));
            current.put(state, power(state, 2, 48, 52));
        }

        assertThat(turn.get(MachineState.UNBALANCED))
                .isGreaterThan(5 * turn.get(MachineState.NORMAL));
        assertThat(ring.get(MachineState.BEARING_FAULT))
                .isGreaterThan(2 * ring.get(MachineState.NORMAL));
        assertThat(ring.get(MachineState.UNBALANCED))
                .isLessThan(1.5 * ring.get(MachineState.NORMAL));
        assertThat(current.get(MachineState.OVERLOADED))
                .isGreaterThan(2 * current.get(MachineState.NORMAL));
        assertThat(current.get(MachineState.IDLE))
                .isLessThan(0.3 * current.get(MachineState.NORMAL));
    }

    /** The mean power between two frequencies, over the middles of a state's stretches. */
    private static double power(MachineState state, int channel, double low, double high) {
        short[] signal = STEPS[channel];
        int length = HERTZ; // so that bins are a hertz apart
        double sum = 0;
        int parts = 0;
        for (Annotation label : MACHINE.labels("m", 0)) {
            if (!label.text().equals(state.label()) || label.durationNanos() < 3 * NANOS) {
                continue;
            }
            int first = (int) (label.onsetNanos() * HERTZ / NANOS) + HERTZ;
            for (int bin = (int) Math.ceil(low); bin <= high; bin++) {
                double real = 0;
                double imaginary = 0;
                for (int n = 0; n < length; n++) {
                    double phase = 2 * Math.PI * bin * n / length;
                    real += signal[first + n] * Math.cos(phase);
                    imaginary += signal[first + n] * Math.sin(phase);
                }
                sum += (real * real + imaginary * imaginary) / length / length;
            }
            parts++;
        }
        assertThat(parts).isPositive();
        return sum / parts;
    }

    @Test
    void nothingIsAtTheEndOfTheRange() {
        for (short[] channel : STEPS) {
            for (short step : channel) {
                assertThat(Math.abs(step)).isLessThan(Short.MAX_VALUE);
            }
        }
    }

    @Test
    void impossibleParametersAreRefused() {
        assertThatThrownBy(() -> new MachineSimulator(1, 199, 60))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MachineSimulator(1, 500, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
