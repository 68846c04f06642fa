/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class XdfStretchesTest {

    @Test
    void theLineFindsTheTrueRateThroughTheJitter() {
        Random random = new Random(5);
        XdfStretches stretches = new XdfStretches(1 / 500.0);
        for (int i = 0; i < 200_000; i++) {
            stretches.add(350_000 + i / 499.9 + (random.nextDouble() - 0.5) * 0.02);
        }
        List<XdfStretch> found = stretches.stretches();
        assertThat(found).hasSize(1);
        assertThat(found.get(0).length()).isEqualTo(200_000);
        assertThat(1 / found.get(0).period()).isCloseTo(499.9, within(1e-4));
        assertThat(found.get(0).time()).isCloseTo(350_000, within(1e-4));
        assertThat(found.get(0).timeOf(199_999)).isCloseTo(350_000 + 199_999 / 499.9, within(1e-4));
    }

    /** {@code numpy.polyfit([0, 1, 2, 3, 4], [10, 10.13, 10.18, 10.32, 10.37], 1)}. */
    @Test
    void theLineIsThatOfLeastSquares() {
        XdfStretches stretches = new XdfStretches(0.1);
        for (double time : new double[] {10, 10.13, 10.18, 10.32, 10.37}) {
            stretches.add(time);
        }
        XdfStretch found = stretches.stretches().get(0);
        assertThat(found.period()).isCloseTo(0.093, within(1e-12));
        assertThat(found.time()).isCloseTo(10.014, within(1e-12));
    }

    @Test
    void aHoleOfAFewSamplesIsJitter() {
        XdfStretches stretches = new XdfStretches(0.01);
        addRegular(stretches, 0, 0.01, 1000);
        addRegular(stretches, 10 + 4.9, 0.01, 1000);
        assertThat(stretches.stretches()).hasSize(1);
    }

    @Test
    void aLongHoleBeginsAStretchAndItsSamplesAreCounted() {
        XdfStretches stretches = new XdfStretches(0.01);
        assertThat(stretches.add(-0.01)).isTrue();
        assertThat(stretches.add(0)).isFalse();
        addRegular(stretches, 0.01, 0.01, 998);
        addRegular(stretches, 9.98 + 6.02, 0.01, 300);
        List<XdfStretch> found = stretches.stretches();
        assertThat(found).hasSize(2);
        assertThat(found.get(0).sequence()).isZero();
        assertThat(found.get(1).firstSample()).isEqualTo(1000);
        assertThat(found.get(1).sequence()).isEqualTo(1601);
        assertThat(found.get(1).time()).isCloseTo(16, within(1e-9));
    }

    /** What is lost is told by the hole alone, however far the clock has drifted before it. */
    @Test
    void driftBeforeAHoleIsNoLoss() {
        XdfStretches stretches = new XdfStretches(0.01);
        addRegular(stretches, 0, 0.0101, 10_000);
        addRegular(stretches, 9_999 * 0.0101 + 6, 0.0101, 10);
        assertThat(stretches.stretches().get(1).sequence()).isEqualTo(10_000 + 599);
    }

    @Test
    void aStepBackInTimeBeginsAStretchThatCountsOn() {
        XdfStretches stretches = new XdfStretches(0.01);
        addRegular(stretches, 100, 0.01, 200);
        addRegular(stretches, 50, 0.01, 200);
        List<XdfStretch> found = stretches.stretches();
        assertThat(found).hasSize(2);
        assertThat(found.get(1).sequence()).isEqualTo(200);
        assertThat(found.get(1).time()).isCloseTo(50, within(1e-9));
    }

    @Test
    void aLineThatDoesNotRiseGivesWayToTheNominalInterval() {
        XdfStretches stretches = new XdfStretches(0.01);
        stretches.add(5.02);
        stretches.add(5.0);
        stretches.add(20);
        List<XdfStretch> found = stretches.stretches();
        assertThat(found.get(0).period()).isEqualTo(0.01);
        assertThat(found.get(0).timeOf(0)).isCloseTo(5.005, within(1e-12));
        assertThat(found.get(0).timeOf(1)).isCloseTo(5.015, within(1e-12));
        assertThat(found.get(1).period()).isEqualTo(0.01);
        assertThat(found.get(1).time()).isEqualTo(20);
    }

    private static void addRegular(
            XdfStretches stretches, double start, double period, int samples) {
        for (int i = 0; i < samples; i++) {
            stretches.add(start + i * period);
        }
    }
}
