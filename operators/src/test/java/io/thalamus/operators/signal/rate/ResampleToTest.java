/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Upwards, and with phases of which some have a tap less. */
class ResampleToTest extends SignalTransformContract {

    @Override
    protected SignalTransform transform() {
        return new ResampleTo(new SampleRate(21, 5));
    }

    @Override
    protected int samples() {
        return 300;
    }

    @ParameterizedTest
    @CsvSource({
        "44100, 1, 16000, 1, 28",
        "2000, 1, 1000, 1, 20",
        "25, 1, 20, 1, 13",
        "8000, 1, 16000, 1, 10",
        "1, 60, 1, 3600, 600",
        "1, 3600, 1, 3600, 0"
    })
    void takesTheExactRatio(long samples, long seconds, long to, long toSeconds, int latency) {
        SampleRate rate = new SampleRate(to, toSeconds);
        var prepared =
                new ResampleTo(rate)
                        .prepare(new StreamShape(List.of("a"), new SampleRate(samples, seconds)));
        assertThat(prepared.outputShape().rate()).isEqualTo(rate);
        assertThat(prepared.latency()).isEqualTo(latency);
    }

    @Test
    void refusesRatiosThatAreTooFine() {
        StreamShape shape = new StreamShape(List.of("a"), SampleRate.ofHertz(1_000_003));
        assertThatThrownBy(() -> new ResampleTo(SampleRate.ofHertz(16000)).prepare(shape))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("resample: the ratio 16000/1000003 needs a filter of ");
        long prime = 9_000_000_019L;
        StreamShape slow = new StreamShape(List.of("a"), new SampleRate(1, prime));
        assertThatThrownBy(() -> new ResampleTo(new SampleRate(3_999_999_999L, 11)).prepare(slow))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "resample: the ratio of 3999999999/11 Hz to 1/9000000019 Hz is beyond 64"
                                + " bits; choose a simpler rate");
    }
}
