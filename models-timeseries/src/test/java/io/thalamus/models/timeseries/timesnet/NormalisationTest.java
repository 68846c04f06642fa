/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NormalisationTest {
    private static final double EPSILON = 0.25;
    private static final float MISSING = Float.NaN;

    @Test
    void usesThePopulationVarianceAndPutsTheEpsilonInsideTheRoot() {
        float deviation = (float) Math.sqrt(1.25);
        assertThat(normalise(1, 3, 10, 10)).containsExactly(-1 / deviation, 1 / deviation, 0, 0);
    }

    @Test
    void missingValuesCountAsTheMeanOfTheOthers() {
        Normalisation normalisation = new Normalisation(1, 4, EPSILON);
        normalisation.start(1);
        float[] normalised = new float[4];
        normalisation.apply(0, new float[] {1, MISSING, Float.NEGATIVE_INFINITY, 5}, normalised);
        float high = (float) (2 / Math.sqrt(4.25));
        assertThat(normalised).containsExactly(-high, 0, 0, high);
        assertThat(normalisation.undo(0, 0, 0)).isEqualTo(3);
    }

    @Test
    void aChannelWithoutAnyValueIsTakenForZeros() {
        assertThat(normalise(1, 3, MISSING, MISSING)).endsWith(0, 0);
        assertThat(normalise(MISSING, MISSING, 0, 0)).containsExactly(0, 0, 0, 0);
    }

    @Test
    void keepsPrecisionOnALargeOffset() {
        Normalisation normalisation = new Normalisation(1, 4, 1e-5);
        normalisation.start(1);
        float[] normalised = new float[4];
        normalisation.apply(0, new float[] {1e7f, 1e7f + 2, 1e7f, 1e7f + 2}, normalised);
        assertThat(normalised).containsExactly(new float[] {-1, 1, -1, 1}, within(1e-5f));
        assertThat(normalisation.undo(0, 0, 1)).isEqualTo(1e7f + 2);
    }

    @Test
    void returnsToTheUnitsOfEachWindowAndChannel() {
        Normalisation normalisation = new Normalisation(2, 2, EPSILON);
        normalisation.start(2);
        float[] normalised = new float[4];
        float[] first = {1, 3, 10, 10};
        float[] second = {5, 5, -2, -6};
        normalisation.apply(0, first, normalised);
        assertThat(normalisation.undo(0, 0, normalised[1])).isCloseTo(3, within(1e-6f));
        normalisation.apply(1, second, normalised);
        assertThat(normalisation.undo(1, 1, normalised[3])).isCloseTo(-6, within(1e-6f));
        assertThat(normalisation.undo(0, 1, 2)).isEqualTo(11);
        assertThat(normalisation.undo(1, 0, -2)).isEqualTo(4);
    }

    @Test
    void aSingleValueIsTheMean() {
        Normalisation normalisation = new Normalisation(1, 3, EPSILON);
        normalisation.start(1);
        float[] normalised = new float[3];
        normalisation.apply(0, new float[] {MISSING, 7, MISSING}, normalised);
        assertThat(normalised).containsExactly(0, 0, 0);
        assertThat(normalisation.undo(0, 0, 1)).isEqualTo(7.5f);
    }

    @Test
    void leavesOwnUnitsButFillsWhatIsMissingAndLimitsWhatIsHuge() {
        Normalisation normalisation = Normalisation.none(2, 3);
        normalisation.start(1);
        float[] normalised = new float[6];
        normalisation.apply(0, new float[] {2, MISSING, 5, MISSING, MISSING, MISSING}, normalised);
        assertThat(normalised).containsExactly(2, 3.5f, 5, 0, 0, 0);
        normalisation.apply(0, new float[] {-1e30f, 0, 1, 1e30f, 1, 2}, normalised);
        assertThat(normalised).containsExactly(-1e9f, 0, 1, 1e9f, 1, 2);
    }

    @Test
    void neverOverflows() {
        Normalisation normalisation = new Normalisation(1, 2, EPSILON);
        normalisation.start(1);
        normalisation.apply(0, new float[] {-3e38f, 3e38f}, new float[2]);
        assertThat(normalisation.undo(0, 0, 2)).isEqualTo(Float.MAX_VALUE);
        assertThat(normalisation.undo(0, 0, -2)).isEqualTo(-Float.MAX_VALUE);
    }

    /** One window of two channels with two samples each. */
    private static float[] normalise(float... samples) {
        Normalisation normalisation = new Normalisation(samples.length / 2, 2, EPSILON);
        normalisation.start(1);
        float[] normalised = new float[samples.length];
        normalisation.apply(0, samples, normalised);
        return normalised;
    }
}
