/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.Annotation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordsSimulatorTest {
    private static final int HERTZ = 1000;
    private static final long NANOS = 1_000_000_000L;
    private static final int WORDS = 4;
    private static final WordsSimulator READER = reader(1, 1, 160);
    private static final short[][] STEPS = READER.steps();
    private static final int PARTS = 12; // of a word's three seconds

    private static WordsSimulator reader(long seed, long subject, double seconds) {
        return new WordsSimulator(seed, subject, HERTZ, seconds, 2, 3, WORDS);
    }

    @Test
    void theSameSeedsMakeTheSameRecording() {
        short[][] steps = reader(1, 1, 20).steps();

        assertThat(reader(1, 1, 20).steps()).isDeepEqualTo(steps);
        assertThat(reader(2, 1, 20).steps()[0]).isNotEqualTo(steps[0]);
        assertThat(reader(1, 2, 20).steps()[0]).isNotEqualTo(steps[0]);
        assertThat(reader(1, 2, 20).labels("r", 0)).isEqualTo(reader(1, 1, 20).labels("r", 0));
        assertThat(READER.channels()).containsExactly("LA1", "LA2", "LA3", "LB1", "LB2", "LB3");
    }

    @Test
    void aWordComesEveryFourSecondsAndTakesThree() {
        List<Annotation> labels = READER.labels("r", 7);

        assertThat(labels).hasSize(40);
        for (int i = 0; i < labels.size(); i++) {
            Annotation label = labels.get(i);
            assertThat(label.streamId()).isEqualTo("r");
            assertThat(label.onsetNanos() - 7 - 4 * i * NANOS).isBetween(NANOS / 2 - 1, NANOS);
            assertThat(label.durationNanos()).isEqualTo(3 * NANOS);
        }
        assertThat(labels.stream().map(Annotation::text).distinct())
                .containsExactlyInAnyOrder("word-1", "word-2", "word-3", "word-4");
    }

    /** By the mean of the first half of the readings, the others are told. */
    @Test
    void wordsShowInTheHighGammaBand() {
        List<Annotation> labels = READER.labels("r", 0);
        List<double[]> powers = new ArrayList<>();
        labels.forEach(label -> powers.add(powers(label)));
        double[][] means = new double[WORDS][powers.get(0).length];
        int[] counts = new int[WORDS];
        for (int i = 0; i < 20; i++) {
            int word = word(labels.get(i));
            counts[word]++;
            for (int k = 0; k < means[word].length; k++) {
                means[word][k] += powers.get(i)[k];
            }
        }
        int right = 0;
        for (int i = 20; i < 40; i++) {
            int nearest = 0;
            for (int word = 0; word < WORDS; word++) {
                if (distance(powers.get(i), means[word], counts[word])
                        < distance(powers.get(i), means[nearest], counts[nearest])) {
                    nearest = word;
                }
            }
            right += nearest == word(labels.get(i)) ? 1 : 0;
        }
        assertThat(right).isGreaterThanOrEqualTo(15); // 5 by chance
    }

    private static int word(Annotation label) {
        return Integer.parseInt(label.text().substring("word-".length())) - 1;
    }

    private static double distance(double[] power, double[] sum, int count) {
        double distance = 0;
        for (int k = 0; k < power.length; k++) {
            double difference = power[k] - sum[k] / count;
            distance += difference * difference;
        }
        return distance;
    }

    /** The logarithm of the power between the harmonics of the mains, by contact and part. */
    private static double[] powers(Annotation label) {
        int length = 3 * HERTZ / PARTS;
        int start = (int) (label.onsetNanos() * HERTZ / NANOS);
        double[] powers = new double[STEPS.length * PARTS];
        for (int i = 0; i < powers.length; i++) {
            short[] signal = STEPS[i / PARTS];
            int first = start + i % PARTS * length;
            double sum = 0;
            for (int hertz = 72; hertz < 150; hertz += HERTZ / length) {
                if (hertz % 50 > 6 && hertz % 50 < 44) {
                    sum += power(signal, first, length, hertz);
                }
            }
            powers[i] = Math.log(sum);
        }
        return powers;
    }

    private static double power(short[] signal, int first, int length, int hertz) {
        double real = 0;
        double imaginary = 0;
        for (int n = 0; n < length; n++) {
            double window = 1 - Math.cos(2 * Math.PI * n / length);
            double phase = 2 * Math.PI * hertz * n / HERTZ;
            real += window * signal[first + n] * Math.cos(phase);
            imaginary += window * signal[first + n] * Math.sin(phase);
        }
        return real * real + imaginary * imaginary;
    }

    @Test
    void electrodesDrift() {
        double[] first = offsets(0);
        double[] last = offsets(STEPS[0].length - HERTZ);
        double moved = 0;
        for (int channel = 0; channel < first.length; channel++) {
            moved = Math.max(moved, Math.abs(last[channel] - first[channel]));
        }
        assertThat(moved).isGreaterThan(500); // 50 microvolts
    }

    private static double[] offsets(int from) {
        double[] offsets = new double[STEPS.length];
        for (int channel = 0; channel < offsets.length; channel++) {
            for (int n = from; n < from + HERTZ; n++) {
                offsets[channel] += (double) STEPS[channel][n] / HERTZ;
            }
        }
        return offsets;
    }

    @Test
    void impossibleParametersAreRefused() {
        assertThatThrownBy(() -> new WordsSimulator(1, 1, 1000, 9, 1, 2, 1))
                .hasMessageContaining("2 words");
        assertThatThrownBy(() -> new WordsSimulator(1, 1, 300, 9, 1, 2, 2))
                .hasMessageContaining("400");
    }
}
