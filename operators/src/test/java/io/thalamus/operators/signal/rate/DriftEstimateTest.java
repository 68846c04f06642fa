/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriftEstimateTest {

    /** A frame every tenth of a second from a time on, under stamps with jitter. */
    private static DriftEstimate after(
            DriftEstimate before, double from, double seconds, double ppm, double jitter) {
        Random random = new Random(7);
        DriftEstimate estimate = before;
        for (int i = 1; i <= seconds * 10; i++) {
            double now = from + i / 10.0;
            double later = 0.02 + ppm * 1e-6 * now + jitter * (random.nextDouble() - 0.5);
            estimate = estimate.with(now, later, 0.1);
        }
        return estimate;
    }

    @ParameterizedTest
    @ValueSource(doubles = {-400, -3, 0, 50, 900})
    void findsTheDriftOfExactStamps(double ppm) {
        DriftEstimate estimate = after(DriftEstimate.none(), 0, 3, ppm, 0);
        assertThat(estimate.isSettled()).isTrue();
        assertThat(estimate.driftPpm()).isCloseTo(ppm, within(1e-3));
        assertThat(estimate.offsetAt(4)).isCloseTo(0.02 + ppm * 4e-6, within(1e-8));
    }

    @Test
    void averagesJitterOutAndSaysHowSureItIs() {
        DriftEstimate early = after(DriftEstimate.none(), 0, 20, 50, 0.01);
        assertThat(early.isSettled()).isFalse();
        assertThat(early.drift()).as("while unsettled").isZero();
        assertThat(early.offsetAt(20)).as("while unsettled").isZero();
        assertThat(early.standardErrorPpm()).isBetween(20.0, 60.0);

        DriftEstimate later = after(DriftEstimate.none(), 0, 300, 50, 0.01);
        assertThat(later.isSettled()).isTrue();
        assertThat(later.driftPpm()).isCloseTo(50, within(4 * later.standardErrorPpm()));
        assertThat(later.standardErrorPpm()).isLessThan(1);
    }

    /**
     * The error over many streams is what it says it is: its root mean square, within a quarter.
     */
    @Test
    void itsStandardErrorIsTrue() {
        Random random = new Random(3);
        double squares = 0;
        double said = 0;
        int streams = 400;
        for (int stream = 0; stream < streams; stream++) {
            DriftEstimate estimate = DriftEstimate.none();
            for (int i = 0; i < 600; i++) {
                estimate = estimate.with(i / 10.0, 0.005 * random.nextGaussian(), 0.1);
            }
            said += estimate.standardErrorPpm() / streams;
            squares += Math.pow(slopePpm(estimate), 2) / streams;
        }
        assertThat(Math.sqrt(squares) / said).isBetween(0.8, 1.25);
    }

    private static double slopePpm(DriftEstimate e) {
        double time = e.time() / e.weight();
        double offset = e.offset() / e.weight();
        return 1e6
                * (e.timeOffset() / e.weight() - time * offset)
                / (e.timeSquared() / e.weight() - time * time);
    }

    @Test
    void followsADriftThatChanges() {
        DriftEstimate cold = after(DriftEstimate.none(), 0, 600, 100, 0.001);
        DriftEstimate warm = after(cold, 600, 6000, 40, 0.001);
        assertThat(warm.driftPpm()).isCloseTo(40, within(1.0));
    }

    @Test
    void aClockOfAnotherRateIsNoDrift() {
        DriftEstimate estimate = after(DriftEstimate.none(), 0, 300, 1500, 0);
        assertThat(estimate.isSettled()).isFalse();
    }

    @Test
    void nothingIsSaidOfTooFewFrames() {
        assertThat(DriftEstimate.none().isSettled()).isFalse();
        assertThat(DriftEstimate.none().standardErrorPpm()).isInfinite();
        assertThat(after(DriftEstimate.none(), 0, 1.5, 50, 0).isSettled()).isFalse();
    }

    @Test
    void staysKnownWhereTheStampsGrowWorse() {
        DriftEstimate good = after(DriftEstimate.none(), 0, 100, 200, 1e-4);
        DriftEstimate bad = after(good, 100, 100, 200, 2);
        assertThat(bad.standardErrorPpm()).isGreaterThan(100);
        assertThat(bad.isSettled()).isTrue();
        assertThat(bad.offsetAt(200)).isCloseTo(0.02 + 0.04, within(0.2));
        assertThat(Math.abs(bad.driftPpm())).isLessThanOrEqualTo(DriftEstimate.LIMIT_PPM);
    }

    /** A reading an hour, and a frame of a hundredth of a millisecond. */
    @ParameterizedTest
    @ValueSource(doubles = {3600, 1e-5})
    void findsTheDriftWhateverTheFramesSpan(double span) {
        DriftEstimate estimate = DriftEstimate.none();
        for (int i = 0; i < 200; i++) {
            estimate = estimate.with(i * span, 80e-6 * i * span, span);
        }
        assertThat(estimate.isSettled()).isTrue();
        assertThat(estimate.driftPpm()).isCloseTo(80, within(1e-3));
    }

    /**
     * Also where lengths of frames are far apart, as where a recording is followed by live ones.
     */
    @Test
    void aLongFrameDoesNotMakeItSure() {
        DriftEstimate estimate = DriftEstimate.none().with(0, 0.01, 3600);
        for (int i = 0; i < 100; i++) {
            estimate = estimate.with(3600 + i / 10.0, 0, 0.1);
        }
        assertThat(estimate.isSettled()).isFalse();
    }

    @Test
    void aPauseLeavesItAsItIs() {
        DriftEstimate estimate = after(DriftEstimate.none(), 0, 100, 50, 0);
        DriftEstimate later = estimate.with(1e7, 0.02 + 50e-6 * 1e7, 0.1);
        assertThat(later.driftPpm()).isCloseTo(50, within(1e-3));
    }
}
