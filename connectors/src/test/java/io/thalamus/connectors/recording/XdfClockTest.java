/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class XdfClockTest {

    @Test
    void withoutOffsetsTheClockIsTheRecorders() {
        assertThat(recorderTimes(new double[0], new double[0], 3, -5.5)).containsExactly(3, -5.5);
    }

    @Test
    void oneOffsetIsAddedAlways() {
        assertThat(recorderTimes(new double[] {7}, new double[] {-2.5}, 1, 100))
                .containsExactly(-1.5, 97.5);
    }

    @Test
    void offsetsMeasuredAtOneTimeAreNoDrift() {
        assertThat(recorderTimes(new double[] {7, 7, 7}, new double[] {1, 1, 1}, 1, 100))
                .containsExactly(2, 101);
    }

    @Test
    void aDriftingClockIsFollowedBetweenAndBeyondItsMeasurements() {
        double[] times = new double[50];
        double[] offsets = new double[50];
        for (int i = 0; i < 50; i++) {
            times[i] = 653_100 + 5 * i;
            offsets[i] = -652_340.25 + 3e-5 * (times[i] - 653_100);
        }
        double[] found = recorderTimes(times, offsets, 653_090, 653_222.5, 653_400);
        assertThat(found[0]).isCloseTo(749.7497, within(1e-9));
        assertThat(found[1]).isCloseTo(882.253675, within(1e-9));
        assertThat(found[2]).isCloseTo(1059.759, within(1e-9));
    }

    /**
     * Sixty offsets of a drift of 2e-5 with 0.1 ms of noise, of which three were measured up to two
     * seconds wrong. The expected line is that of {@code scipy.optimize.least_squares(loss='huber',
     * f_scale=1)} on residuals in units of the threshold (SciPy 1.17.1); the importer's iteration
     * gives the same in its first eight digits. Least squares would miss it by 40 ms.
     */
    @Test
    void wrongMeasurementsHardlyCount() {
        double[] times = new double[60];
        double[] offsets = new double[60];
        long random = 7;
        for (int i = 0; i < 60; i++) {
            random = (random * 1_103_515_245L + 12_345) % (1L << 31);
            times[i] = 1000 + 5 * i;
            offsets[i] =
                    -3.25 + 2e-5 * (times[i] - 1000) + (random / (double) (1L << 31) - 0.5) * 2e-4;
        }
        offsets[7] += 0.35;
        offsets[20] += 1;
        offsets[41] += 2.05;
        XdfLine line = XdfLine.robust(times, offsets, 0, 60, XdfClock.THRESHOLD);
        assertThat(line.at(1000)).isCloseTo(-3.2499809752279076, within(1e-8));
        assertThat(line.at(1295)).isCloseTo(-3.244110787283684, within(1e-8));
        assertThat(line.slope()).isCloseTo(1.9898942183809855e-05, within(1e-10));
    }

    @Test
    void aClockThatStartsAgainHasALineBeforeAndOneAfter() {
        double[] times = {17, 22, 1, 6};
        double[] offsets = {-12, -12, 9, 9};
        assertThat(recorderTimes(times, offsets, 17, 18, 19, 20, 21, 1, 2, 3, 4, 5))
                .containsExactly(5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
    }

    @Test
    void aClockThatJumpsAheadIsReset() {
        double[] times = {0, 5, 10, 15, 20, 41, 46, 51, 56, 61};
        double[] offsets = {2, 2, 2, 2, 2, -14, -14, -14, -14, -14};
        // 30.5 lies halfway between the ranges, and a later stamp stays in the range that it began.
        assertThat(recorderTimes(times, offsets, 1, 25, 30, 30.5, 28, 60))
                .containsExactly(3, 27, 32, 16.5, 14, 46);
    }

    @Test
    void anOffsetThatJumpsWithoutAPauseIsNoReset() {
        double[] times = {0, 5, 10, 15, 20, 25, 30, 35, 40, 45};
        double[] offsets = {2, 2, 2, 2, 2, 2, 2, 2, 2, -14};
        assertThat(recorderTimes(times, offsets, 10)[0]).isCloseTo(12, within(1e-3));
    }

    @Test
    void rangesWithoutASampleArePassedOver() {
        double[] times = {50, 55, 20, 25, 0, 5};
        double[] offsets = {1, 1, 40, 40, 70, 70};
        assertThat(recorderTimes(times, offsets, 51, 2)).containsExactly(52, 72);
    }

    private static double[] recorderTimes(double[] times, double[] offsets, double... stamps) {
        XdfStamps at = new XdfStamps(XdfClock.of(times, offsets), 0);
        double[] found = new double[stamps.length];
        for (int i = 0; i < stamps.length; i++) {
            found[i] = at.next(stamps[i]);
        }
        return found;
    }
}
