/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImputationScoreTest {

    @ParameterizedTest
    @CsvSource({"1, 0.125, 1", "-7, 0.5, 50", "123456789123, 0.9, 99"})
    void whatIsHiddenDoesNotDependOnTheCutting(long seed, double rate, int cut) {
        SignalFrame whole = ramp("s", 1_000_000_007L, 100);
        HiddenValues mask = new HiddenValues(seed, rate);

        SignalFrame first = mask.hide(whole.slice(0, cut));
        SignalFrame second = mask.hide(whole.slice(cut, 100));

        assertThat(mask.hide(whole).slice(0, cut).samples()).isEqualTo(first.samples());
        assertThat(mask.hide(whole).slice(cut, 100).samples()).isEqualTo(second.samples());
    }

    @Test
    void asManyValuesAreHiddenAsAskedForInEveryChannelAndStream() {
        SignalFrame long1 = ramp("s", 0, 100_000);
        SignalFrame long2 = ramp("t", 0, 100_000);
        for (double rate : new double[] {0.125, 0.5}) {
            float[] one = new HiddenValues(1, rate).hide(long1).samples();
            float[] two = new HiddenValues(1, rate).hide(long2).samples();
            float[] other = new HiddenValues(2, rate).hide(long1).samples();

            assertThat(share(one, 0, 100_000, one)).isCloseTo(rate, within(0.005));
            assertThat(share(one, 100_000, 200_000, one)).isCloseTo(rate, within(0.005));
            // Independent: both are hidden as often as chance has it.
            assertThat(share(one, 0, 200_000, two)).isCloseTo(rate * rate, within(0.005));
            assertThat(share(one, 0, 200_000, other)).isCloseTo(rate * rate, within(0.005));
        }
        float[] few = new HiddenValues(1, 0.125).hide(long1).samples();
        float[] many = new HiddenValues(1, 0.25).hide(long1).samples();
        assertThat(share(few, 0, 200_000, many)).isEqualTo(share(few, 0, 200_000, few));
    }

    @Test
    void hiddenFramesSayThatValuesAreMissing() {
        assertThat(new HiddenValues(1, 0.5).hide(ramp("s", 0, 100)).quality())
                .isEqualTo(Quality.MISSING.bit());
        assertThatThrownBy(() -> new HiddenValues(1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HiddenValues(1, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void errorsAreThoseAtTheHiddenPlacesOnly() {
        int length = 1000;
        HiddenValues mask = new HiddenValues(3, 0.3);
        SignalFrame known = squares(length);
        float[] filled = known.samples().clone();
        double squared = 0;
        double absolute = 0;
        double last = 0;
        long hidden = 0;
        long compared = 0;
        int before = -1;
        for (int n = 0; n < length; n++) {
            if (!mask.hides("s", 0, n)) {
                before = n;
                filled[n] = -1; // what was known does not matter
                continue;
            }
            hidden++;
            if (n >= 900) {
                filled[n] = Float.NaN; // nothing came here
                continue;
            }
            compared++;
            double error = n % 3;
            filled[n] += error;
            squared += error * error;
            absolute += error;
            if (before >= 0) {
                last += (double) n * n - (double) before * before;
            } else {
                int next = n;
                while (mask.hides("s", 0, next)) {
                    next++;
                }
                last += (double) next * next - (double) n * n;
            }
        }

        ImputationScore score =
                ImputationScore.of(
                        cut(known),
                        mask,
                        List.of(known.withSamples(filled, 0).slice(0, 950)),
                        new double[] {2});

        assertThat(score.hidden()).isEqualTo(hidden);
        assertThat(score.compared()).isEqualTo(compared);
        assertThat(score.model().mse()).isCloseTo(squared / 4 / compared, within(1e-9));
        assertThat(score.model().mae()).isCloseTo(absolute / 2 / compared, within(1e-9));
        assertThat(score.last().mae()).isCloseTo(last / 2 / compared, within(1e-9));
    }

    @Test
    void aLineIsGuessedRightByALineButNotAtTheEnds() {
        HiddenValues mask = new HiddenValues(5, 0.4);
        SignalFrame known = ramp("s", 0, 500);

        ImputationScore score =
                ImputationScore.of(List.of(known), mask, List.of(known), new double[] {1, 2});

        int ends = 0;
        double error = 0;
        for (int channel = 0; channel < 2; channel++) {
            for (int n = 0; mask.hides("s", channel, n); n++) {
                ends++;
            }
            for (int n = 499; mask.hides("s", channel, n); n--) {
                ends++;
            }
        }
        for (int channel = 0; channel < 2; channel++) {
            int first = 0;
            while (mask.hides("s", channel, first)) {
                first++;
            }
            error += first * (first + 1) / 2.0;
            int lastKnown = 499;
            while (mask.hides("s", channel, lastKnown)) {
                lastKnown--;
            }
            int behind = 499 - lastKnown;
            error += behind * (behind + 1) / 2.0;
        }
        assertThat(ends).isPositive();
        assertThat(score.linear().mae()).isCloseTo(error / score.compared(), within(1e-9));
        assertThat(score.model().mse()).isZero();
    }

    private static double share(float[] some, int from, int to, float[] others) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += Float.isNaN(some[i]) && Float.isNaN(others[i]) ? 1 : 0;
        }
        return (double) count / (to - from);
    }

    private static List<SignalFrame> cut(SignalFrame frame) {
        List<SignalFrame> parts = new ArrayList<>();
        for (int from = 0; from < frame.length(); from += 64) {
            parts.add(0, frame.slice(from, Math.min(frame.length(), from + 64)));
        }
        return parts;
    }

    private static SignalFrame squares(int length) {
        float[] samples = new float[length];
        for (int n = 0; n < length; n++) {
            samples[n] = n * n;
        }
        return new SignalFrame("s", 0, 0, 0, SampleRate.ofHertz(1), List.of("a"), samples, 0);
    }

    /** The channel {@code b} rises twice as fast as {@code a}. */
    private static SignalFrame ramp(String stream, long sequence, int length) {
        float[] samples = new float[2 * length];
        for (int n = 0; n < length; n++) {
            samples[n] = n;
            samples[length + n] = 2 * n;
        }
        return new SignalFrame(
                stream, sequence, 0, 0, SampleRate.ofHertz(1), List.of("a", "b"), samples, 0);
    }
}
