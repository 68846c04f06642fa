/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.inference.Tensor;
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
    void missingValuesLieOnTheLineBetweenTheirNeighboursAndResultsAddToIt() {
        Normalisation normalisation = Normalisation.linear(2, 6, EPSILON);
        normalisation.start(2);
        float[] normalised = new float[12];
        float[] samples = {
            MISSING, 1, MISSING, Float.POSITIVE_INFINITY, 7, MISSING, 0, 0, MISSING, 0, 0, 0
        };
        normalisation.apply(1, samples, normalised);
        float[] filled = {1, 1, 3, 5, 7, 7, 0, 0, 0, 0, 0, 0};
        double deviation = Math.sqrt(9 + EPSILON);
        for (int t = 0; t < 6; t++) {
            assertThat(normalised[t])
                    .isCloseTo((float) ((filled[t] - 4) / deviation), within(1e-6f));
        }

        float[] results = new float[24];
        results[14] = 2;
        float[] undone = normalisation.undo(1, Tensor.of(results, 2, 2, 6), 0);
        filled[2] += (float) (2 * deviation);
        assertThat(undone).containsExactly(filled, within(1e-5f));
    }

    @Test
    void aChannelWithoutAnyValueHasNoLine() {
        Normalisation normalisation = Normalisation.linear(1, 3, EPSILON);
        normalisation.start(1);
        float[] normalised = {7, 7, 7};
        normalisation.apply(0, new float[] {MISSING, MISSING, MISSING}, normalised);
        assertThat(normalised).containsExactly(0, 0, 0);
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
