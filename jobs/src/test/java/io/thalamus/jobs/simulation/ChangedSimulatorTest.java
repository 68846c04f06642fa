/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.jobs.simulation.ChangedSimulator.Change;
import io.thalamus.schemas.SampleRate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChangedSimulatorTest {
    private static final int HERTZ = 4;
    private static final int SAMPLES = 20 * 60 * HERTZ;
    private static final int FIRST = SAMPLES * 15 / 100;
    private static final short LEVEL = 1000;

    /** Two channels that never change, in steps of a tenth. */
    private record Level() implements SignalSimulator {
        @Override
        public List<String> channels() {
            return List.of("A", "B");
        }

        @Override
        public SampleRate rate() {
            return SampleRate.ofHertz(HERTZ);
        }

        @Override
        public int decimals() {
            return 1;
        }

        @Override
        public short[][] steps() {
            short[][] steps = new short[2][SAMPLES];
            for (short[] channel : steps) {
                Arrays.fill(channel, LEVEL);
            }
            return steps;
        }
    }

    private static short[][] steps(Change change, long seed) {
        return new ChangedSimulator(new Level(), seed, change).steps();
    }

    @ParameterizedTest
    @EnumSource
    void theSameSeedMakesTheSameRecording(Change change) {
        ChangedSimulator changed = new ChangedSimulator(new Level(), 1, change);
        assertThat(changed.channels()).containsExactly("A", "B");
        assertThat(changed.rate()).isEqualTo(SampleRate.ofHertz(HERTZ));
        assertThat(changed.decimals()).isEqualTo(1);
        assertThat(changed.steps()).isDeepEqualTo(steps(change, 1));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "QUIET")
    void anotherSeedMakesAnotherAndEachChannelGoesItsOwnWay(Change change) {
        short[][] steps = steps(change, 1);
        assertThat(steps[0]).isNotEqualTo(steps(change, 2)[0]).isNotEqualTo(steps[1]);
    }

    @Test
    void anAmplifierIsTurnedDown() {
        for (short[] channel : steps(Change.QUIET, 1)) {
            assertThat(Arrays.copyOf(channel, FIRST)).containsOnly(LEVEL);
            assertThat(Arrays.copyOfRange(channel, FIRST, SAMPLES)).containsOnly((short) 350);
        }
    }

    @Test
    void noiseOfTwelveUnitsIsAdded() {
        for (short[] channel : steps(Change.NOISE, 1)) {
            assertThat(Arrays.copyOf(channel, FIRST)).containsOnly(LEVEL);
            double squares = 0;
            for (int n = FIRST; n < SAMPLES; n++) {
                squares += (double) (channel[n] - LEVEL) * (channel[n] - LEVEL);
            }
            assertThat(Math.sqrt(squares / (SAMPLES - FIRST))).isCloseTo(120, within(5.0));
        }
    }

    @Test
    void gainsOfContactsGoTheirOwnWays() {
        for (short[] channel : steps(Change.CONTACTS, 1)) {
            assertThat(channel[0]).isEqualTo(LEVEL);
            int lowest = LEVEL;
            int highest = LEVEL;
            for (int n = 1; n < SAMPLES; n++) {
                assertThat(Math.abs(channel[n] - channel[n - 1])).isLessThan(6);
                lowest = Math.min(lowest, channel[n]);
                highest = Math.max(highest, channel[n]);
            }
            assertThat(lowest).isEqualTo(449); // exp(-0.8)
            assertThat(highest).isEqualTo(2226); // exp(0.8)
        }
    }
}
