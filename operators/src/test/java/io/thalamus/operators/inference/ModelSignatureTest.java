/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.Padding;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ModelSignatureTest {
    private static final ModelSignature NAMED =
            new ModelSignature("m", 2, List.of("a", "b"), 8, 4, false, false, Forecast.class);
    private static final ModelSignature NAMELESS =
            new ModelSignature("m", 2, List.of(), 8, 4, false, false, Forecast.class);

    private static StreamShape of(String... channels) {
        return new StreamShape(List.of(channels), SampleRate.ofHertz(100));
    }

    @Test
    void takesItsOwnChannelsOnly() {
        assertThat(NAMED.objectionTo(of("a", "b"), 8)).isEmpty();
        assertThat(NAMED.objectionTo(of("b", "a"), 8))
                .hasValue("model m takes the channels [a, b] in this order, not [b, a]");
        assertThat(NAMED.objectionTo(of("c", "a", "b"), 8))
                .hasValue("model m takes 2 channels, not 3");
    }

    @Test
    void saysWhichChannelsAreMissing() {
        assertThat(NAMED.objectionTo(of("x"), 8))
                .hasValue("model m takes 2 channels, not 1; missing: a, b");
        assertThat(NAMED.objectionTo(of("b", "x"), 8))
                .hasValue(
                        "model m takes the channels [a, b] in this order, not [b, x]; missing: a");
    }

    @Test
    void takesAnyChannelsIfItDoesNotNameThem() {
        assertThat(NAMELESS.objectionTo(of("x", "y"), 8)).isEmpty();
        assertThat(NAMELESS.objectionTo(of("x", "y"), 9))
                .hasValue("model m takes windows of 8 samples, not 9");
    }

    @Test
    void takesItsOwnRateOnlyIfItHasOne() {
        ModelSignature atFifty =
                new ModelSignature(
                        "m",
                        1,
                        List.of(),
                        SampleRate.ofHertz(50),
                        8,
                        4,
                        false,
                        false,
                        Forecast.class);

        assertThat(atFifty.objectionTo(of("x"), 8)).hasValue("model m takes 50 Hz, not 100 Hz");
        assertThat(atFifty.objectionTo(new StreamShape(List.of("x"), SampleRate.ofHertz(50)), 8))
                .isEmpty();
    }

    @Test
    void aContinuousModelTakesLongerWindows() {
        ModelSignature blocks =
                new ModelSignature(
                        "m",
                        1,
                        List.of(),
                        Subjects.any(),
                        null,
                        8,
                        3,
                        0,
                        false,
                        true,
                        SignalFrame.class);

        assertThat(blocks.isContinuous()).isTrue();
        assertThat(blocks.overlap()).isEqualTo(5);
        assertThat(blocks.objectionTo(of("x"), 8)).isEmpty();
        assertThat(blocks.objectionTo(of("x"), 14)).isEmpty();
        String words = "model m takes windows of 8 samples or 3 more, any number of times, not ";
        assertThat(blocks.objectionTo(of("x"), 13)).hasValue(words + 13);
        assertThat(blocks.objectionTo(of("x"), 5)).hasValue(words + 5);
        assertThat(NAMED.isContinuous()).isFalse();
    }

    @Test
    void takesStreamsOfItsSubjectsOnly() {
        ModelSignature signature =
                new ModelSignature(
                        "m",
                        1,
                        List.of(),
                        new Subjects(List.of("S01")),
                        /* rate= */ null,
                        2,
                        0,
                        0,
                        false,
                        false,
                        Forecast.class);
        SignalFrame window =
                new SignalFrame(
                        "S01", 0, 0, 0, SampleRate.ofHertz(1), List.of("x"), new float[2], 0);
        SignalFrame strange =
                new SignalFrame(
                        "S02", 0, 0, 0, SampleRate.ofHertz(1), List.of("x"), new float[2], 0);
        Slicing slicing = new Slicing(new Span.Samples(2), new Span.Samples(2), Padding.DROP);

        assertThat(signature.objectionTo(window)).isEmpty();
        assertThat(signature.takesWindowsOf(window, slicing)).isTrue();
        assertThat(signature.objectionTo(strange).orElseThrow())
                .startsWith("stream S02 is of none of the subjects [S01]");
        assertThat(signature.takesWindowsOf(strange, slicing)).isFalse();
    }

    @Test
    void itsObjectionIsTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(NAMED.objectionTo(of("a"), 8))
                    .hasValue("model m takes 2 channels, not 1; missing: b");
            assertThat(NAMED.objectionTo(of("a", "b"), 9))
                    .hasValue("model m takes windows of 8 samples, not 9");
        } finally {
            Locale.setDefault(before);
        }
    }
}
