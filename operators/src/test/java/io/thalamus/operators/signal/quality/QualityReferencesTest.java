/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.schemas.SampleRate;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The numbers and the signals of {@code training/quality_references.py}. */
class QualityReferencesTest {
    private static final double SYLLABLES_END = 1.1;
    private static final double PHRASE = 1.5;

    static Stream<JsonNode> cases() throws IOException {
        try (InputStream in =
                QualityReferencesTest.class.getResourceAsStream("/quality/references.json")) {
            return StreamSupport.stream(new ObjectMapper().readTree(in).spliterator(), false);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void giveTheReferencesNumbers(JsonNode expected) {
        int rate = expected.get("rate").asInt();
        SampleRate hertz = SampleRate.ofHertz(rate);
        double[] clean = speech(1, expected.get("samples").asInt(), rate);
        double[] mixed = heard(clean, rate, expected.get("level").asDouble());
        double[] far = speech(3, clean.length, rate);
        double[] left = left(mixed, rate);

        assertThat(SignalToDistortion.scaleInvariant(mixed, clean))
                .isCloseTo(expected.get("scaleInvariant").asDouble(), within(1e-8));
        assertThat(
                        SignalToDistortion.scaleInvariant(left, clean)
                                - SignalToDistortion.scaleInvariant(mixed, clean))
                .isCloseTo(expected.get("improvement").asDouble(), within(1e-8));

        Intelligibility intelligibility = Intelligibility.of(mixed, clean, hertz);
        assertThat(intelligibility.stoi()).isCloseTo(expected.get("stoi").asDouble(), within(1e-8));
        assertThat(intelligibility.estoi())
                .isCloseTo(expected.get("estoi").asDouble(), within(1e-8));

        assertThat(EchoReturnLoss.enhancement(mixed, far, left, hertz, 0))
                .isCloseTo(expected.get("echoReturnLoss").asDouble(), within(1e-8));
        int after = expected.get("after").asInt();
        assertThat(EchoReturnLoss.enhancement(mixed, far, left, hertz, after))
                .isCloseTo(expected.get("echoReturnLossAfter").asDouble(), within(1e-8));
    }

    private static double[] noise(long seed, int count) {
        double[] values = new double[count];
        long drawn = seed;
        for (int n = 0; n < count; n++) {
            drawn = (1664525 * drawn + 1013904223) & 0xFFFFFFFFL;
            values[n] = drawn / 2147483648.0 - 1;
        }
        return values;
    }

    /** Noise in syllables, three a second, whose colour changes, with pauses. */
    private static double[] speech(long seed, int count, int rate) {
        double[] drawn = noise(seed, count + 1);
        double[] speech = new double[count];
        for (int n = 0; n < count; n++) {
            double t = (double) n / rate;
            double colour = 0.5 + 0.5 * Math.sin(2 * Math.PI * 1.3 * t);
            double loudness =
                    t % PHRASE < SYLLABLES_END ? 0.05 + Math.abs(Math.sin(Math.PI * 3 * t)) : 1e-4;
            speech[n] =
                    loudness
                            * (colour * (drawn[n + 1] + drawn[n])
                                    + (1 - colour) * (drawn[n + 1] - drawn[n]));
        }
        return speech;
    }

    /** The speech with its echo after 20 ms, and noise that comes and goes twice a second. */
    private static double[] heard(double[] clean, int rate, double level) {
        double[] noise = noise(2, clean.length);
        double[] heard = new double[clean.length];
        int delay = rate / 50;
        for (int n = 0; n < heard.length; n++) {
            double late = n < delay ? 0 : clean[n - delay];
            double swell = 1.01 + Math.sin(2 * Math.PI * 2 * n / rate);
            heard[n] = clean[n] + 0.3 * late + level * swell * noise[n] + 0.02;
        }
        return heard;
    }

    private static double[] left(double[] mixed, int rate) {
        double[] left = new double[mixed.length];
        for (int n = 0; n < left.length; n++) {
            double t = (double) n / rate;
            left[n] = (t % PHRASE < SYLLABLES_END ? 0.1 + 0.1 * t : 2) * mixed[n];
        }
        return left;
    }
}
