/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SpanTest {
    private static final SampleRate CD = SampleRate.ofHertz(44_100);

    @Test
    void samplesAreSamplesAtAnyRate() {
        assertThat(Span.ofSamples(96).samplesAt(CD)).isEqualTo(96);
        assertThatThrownBy(() -> Span.ofSamples(0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("a stretch of 0 samples cannot be; give at least 1");
    }

    @Test
    void aTimeIsAWholeNumberOfSamplesOrRefused() {
        assertThat(Span.of(Duration.ofMillis(10)).samplesAt(CD)).isEqualTo(441);
        assertThat(Span.of(Duration.ofHours(96)).samplesAt(new SampleRate(1, 3600))).isEqualTo(96);
        assertThat(Span.of(Duration.ofSeconds(7)).samplesAt(new SampleRate(3, 7))).isEqualTo(3);
        assertThatThrownBy(() -> Span.of(Duration.ofMillis(1)).samplesAt(CD))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "0.001s is no whole number of samples at 44100 Hz; give a multiple of a"
                                + " sample's time, or a number of samples");
        assertThatThrownBy(() -> Span.of(Duration.ofDays(1)).samplesAt(CD))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "24h is 3810240000 samples at 44100 Hz; give at most 2147483647 samples");
        assertThatThrownBy(() -> Span.of(Duration.ZERO))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("a stretch of PT0S cannot be");
    }
}
