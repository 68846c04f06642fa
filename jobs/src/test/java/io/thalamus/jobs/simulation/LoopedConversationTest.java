/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoopedConversationTest {
    private static final SampleRate RATE = SampleRate.ofHertz(8000);
    private static final int LENGTH = 40_000;

    /** Of the cosine at the end of a stretch. */
    private static final int EDGE = 80;

    /** Of a stretch at any level, the slope tells the level, and a sample the place. */
    private static float[] ramp() {
        float[] ramp = new float[LENGTH];
        for (int n = 0; n < LENGTH; n++) {
            ramp[n] = n + 1;
        }
        return ramp;
    }

    private static LoopedConversation conversation(long seed, double seconds) {
        return new LoopedConversation(seed, RATE, seconds);
    }

    /** Where a stretch begins it is zero, to the bit. */
    private static List<int[]> runs(float[] said, boolean silent) {
        List<int[]> runs = new ArrayList<>();
        for (int from = 0; from < said.length; ) {
            int to = from;
            while (to < said.length && said[to] == 0 == (said[from] == 0)) {
                to++;
            }
            if (said[from] == 0 == silent) {
                runs.add(new int[] {from, to});
            }
            from = to;
        }
        return runs;
    }

    @Test
    void stretchesOfTheRecordingFollowAtSeveralLevels() {
        float[] said = conversation(1, 600).said(0, ramp());
        assertThat(said).hasSize(600 * 8000);
        Set<Integer> starts = new HashSet<>();
        Set<Integer> percents = new HashSet<>();
        List<int[]> stretches = runs(said, false);
        for (int[] stretch : stretches.subList(0, stretches.size() - 1)) {
            int first = stretch[0] + EDGE;
            int last = stretch[1] - 1 - EDGE;
            double gain = ((double) said[last] - said[first]) / (last - first);
            // The first sample of a stretch is zero.
            double start = said[first] / gain - 1 - (first - stretch[0]) - 1;
            assertThat(gain).isBetween(0.501, 1.0);
            assertThat(start).isBetween(-1.0, LENGTH / 2.0);
            assertThat(start + 1 + stretch[1] - stretch[0]).isBetween(LENGTH * 0.75, LENGTH + 1.0);
            assertThat(said[(first + last) / 2])
                    .isCloseTo((said[first] + said[last]) / 2, within(3f));
            starts.add((int) start);
            percents.add((int) (100 * gain));
        }
        assertThat(starts).hasSizeGreaterThan(100);
        assertThat(percents).hasSizeGreaterThan(30);
    }

    @Test
    void betweenThemIsNothingOrAPause() {
        List<Integer> pauses =
                runs(conversation(1, 3600).said(0, ramp()), true).stream()
                        .map(run -> run[1] - run[0])
                        .filter(length -> length > 1)
                        .toList();
        assertThat(pauses).allSatisfy(length -> assertThat(length).isBetween(4000, 32_001));
        assertThat(pauses).anySatisfy(length -> assertThat(length).isLessThan(6000));
        assertThat(pauses).anySatisfy(length -> assertThat(length).isGreaterThan(30_000));
        assertThat(pauses.size()).isBetween(200, 360);
    }

    @Test
    void theSeedMakesItAndEachSpeakerGoesOnForHimself() {
        float[] said = conversation(1, 20).said(0, ramp());
        assertThat(conversation(1, 20).said(0, ramp())).isEqualTo(said);
        assertThat(conversation(2, 20).said(0, ramp())).isNotEqualTo(said);
        assertThat(conversation(1, 20).said(1, ramp())).isNotEqualTo(said);
    }

    @Test
    void aLongerOneBeginsAsAShorterOne() {
        assertThat(conversation(1, 40).said(0, ramp()))
                .startsWith(conversation(1, 20).said(0, ramp()));
        assertThatThrownBy(() -> conversation(1, 0)).hasMessageContaining("seconds");
    }

    @Test
    void aRecordingThatGivesNoStretchIsRefused() {
        assertThat(conversation(1, 1).said(0, new float[4])).hasSize(8000);
        for (int length : List.of(3, 0)) {
            assertThatThrownBy(() -> conversation(1, 1).said(2, new float[length]))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage(
                            "the recording of speaker 2 has %d samples; give at least 4", length);
        }
    }
}
