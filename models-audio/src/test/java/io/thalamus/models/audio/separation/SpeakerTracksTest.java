/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.inference.CarriedState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Voices that a network gives in any order stay on the tracks that they began on. */
class SpeakerTracksTest {
    private static final int RATE = 8000;
    private static final int LENGTH = 8000;
    private static final int[] PITCHES = {105, 170, 260};

    /** Harmonics of a pitch with a formant of the voice's own, that come and go. */
    private static float[] voice(int which, int samples, boolean[] speaks) {
        SplittableRandom random = new SplittableRandom(which);
        float[] voice = new float[samples];
        for (int overtone = 1; overtone < 12; overtone++) {
            double hertz = PITCHES[which] * overtone;
            double height = 0.1 / (1 + Math.pow((hertz - 500 - 600 * which) / 300, 2));
            double phase = random.nextDouble(2 * Math.PI);
            for (int i = 0; i < samples; i++) {
                if (speaks[i / (LENGTH / 4)]) {
                    double swell = 0.6 + 0.4 * Math.sin(2 * Math.PI * (3 + which) * i / RATE);
                    voice[i] +=
                            (float)
                                    (height
                                            * swell
                                            * Math.sin(2 * Math.PI * hertz * i / RATE + phase));
                }
            }
        }
        return voice;
    }

    /**
     * Places windows that come in orders by chance; what it gives must be the voices themselves,
     * and it must say where the order changes.
     */
    private static void assertKept(
            List<float[]> voices, int hop, long firstSequence, long seed, boolean ordered) {
        SpeakerTracks tracks = new SpeakerTracks(voices.size(), LENGTH, RATE);
        CarriedState state = CarriedState.empty();
        Random random = new Random(seed);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < voices.size(); i++) {
            order.add(i);
        }
        for (int at = 0; at + LENGTH <= voices.get(0).length; at += hop) {
            List<Integer> before = List.copyOf(order);
            if (at > 0 && !ordered) {
                Collections.shuffle(order, random);
            }
            float[] separated = new float[voices.size() * LENGTH];
            float[] expected = new float[separated.length];
            for (int i = 0; i < order.size(); i++) {
                System.arraycopy(voices.get(order.get(i)), at, separated, i * LENGTH, LENGTH);
                System.arraycopy(voices.get(i), at, expected, i * LENGTH, LENGTH);
            }
            SpeakerTracks.Placed placed = tracks.place(separated, firstSequence + at, state);
            assertThat(placed.tracks()).as("window at sample %d", at).isEqualTo(expected);
            assertThat(placed.exchanged())
                    .as("exchanged at sample %d", at)
                    .isEqualTo(!order.equals(before));
            state = placed.state();
        }
    }

    private static boolean[] always(int quarters) {
        boolean[] speaks = new boolean[quarters];
        Arrays.fill(speaks, true);
        return speaks;
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 0", "2, 2, 1", "2, 3, 9223372036854775", "3, 1, 3", "3, 2, 5", "3, 3, 6"})
    void voicesThatSpeakStayOnTheirTracks(int speakers, int quarters, long seed) {
        List<float[]> voices = new ArrayList<>();
        for (int i = 0; i < speakers; i++) {
            voices.add(voice(i, 10 * LENGTH, always(40)));
        }
        assertKept(voices, quarters * LENGTH / 4, seed, seed, false);
    }

    /** Both are silent for longer than what windows share, so that only their sound tells. */
    @Test
    void voicesAreKnownAgainAfterAPause() {
        boolean[] first = new boolean[40];
        boolean[] second = new boolean[40];
        for (int quarter = 0; quarter < 40; quarter++) {
            boolean pause = quarter % 12 >= 9;
            first[quarter] = !pause && quarter % 5 != 0;
            second[quarter] = !pause && quarter % 7 != 3;
        }
        List<float[]> voices = List.of(voice(0, 10 * LENGTH, first), voice(1, 10 * LENGTH, second));
        for (int seed = 0; seed < 10; seed++) {
            assertKept(voices, 3 * LENGTH / 4, 0, seed, false);
        }
    }

    /** Where the overlap is clear, a voice that changes its sound does not lose its track. */
    @Test
    void theOverlapCountsMoreThanTheSound() {
        float[] low = voice(0, 10 * LENGTH, always(40));
        float[] high = voice(1, 10 * LENGTH, always(40));
        float[] first = low.clone();
        float[] second = high.clone();
        System.arraycopy(high, 5 * LENGTH, first, 5 * LENGTH, 5 * LENGTH);
        System.arraycopy(low, 5 * LENGTH, second, 5 * LENGTH, 5 * LENGTH);
        assertKept(List.of(first, second), LENGTH / 2, 7, 1, false);
    }

    /**
     * The end of a window, in which one speaks alone, is for the most part on the other's output.
     */
    @Test
    void aLoneVoiceInTheWrongPlaceDoesNotExchangeTheTracks() {
        float[] low = voice(0, 2 * LENGTH, always(8));
        float[] high = voice(1, 2 * LENGTH, always(8));
        SpeakerTracks tracks = new SpeakerTracks(2, LENGTH, RATE);
        int half = LENGTH / 2;
        float[] first = new float[2 * LENGTH];
        System.arraycopy(low, 0, first, 0, half);
        System.arraycopy(high, 0, first, LENGTH, half);
        float[] second = new float[2 * LENGTH];
        System.arraycopy(low, LENGTH, second, half, half);
        for (int i = 0; i < LENGTH; i++) {
            float value = high[half + i];
            if (i < half) { // alone: the first window has 0.8 of it in the wrong place
                first[half + i] = 0.8f * value;
                first[LENGTH + half + i] = 0.5f * value;
            }
            second[LENGTH + i] = value;
        }
        CarriedState state = tracks.place(first, 0, CarriedState.empty()).state();

        assertThat(tracks.place(second, half, state).tracks()).isEqualTo(second);
    }

    /**
     * Of a network that has kept an order so far, an overlap in which one speaks alone and changes
     * its output does not exchange the tracks, however clear it seems.
     */
    @Test
    void aNetworkWithAnOrderOfItsOwnIsBelieved() {
        float[] low = voice(0, 12 * LENGTH, always(48));
        boolean[] begins = always(48);
        Arrays.fill(begins, 38, 40, false);
        float[] high = voice(1, 12 * LENGTH, begins);
        SpeakerTracks tracks = new SpeakerTracks(2, LENGTH, RATE);
        CarriedState state = CarriedState.empty();
        int half = LENGTH / 2;
        for (int at = 0; at + LENGTH <= low.length; at += half) {
            float[] separated = new float[2 * LENGTH];
            System.arraycopy(low, at, separated, 0, LENGTH);
            System.arraycopy(high, at, separated, LENGTH, LENGTH);
            if (at == 9 * LENGTH) { // whose second half has only the low voice: 0.99 of it wrong
                for (int i = half; i < LENGTH; i++) {
                    separated[LENGTH + i] += 0.99f * separated[i];
                    separated[i] *= 0.01f;
                }
            }
            SpeakerTracks.Placed placed = tracks.place(separated, at, state);
            assertThat(placed.tracks()).as("window at sample %d", at).isEqualTo(separated);
            state = placed.state();
        }
    }

    @Test
    void silenceChangesNothing() {
        List<float[]> voices = List.of(new float[4 * LENGTH], new float[4 * LENGTH]);
        assertKept(voices, LENGTH / 2, 0, 1, true);
    }
}
