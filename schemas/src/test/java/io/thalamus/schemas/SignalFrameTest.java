/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SignalFrameTest {

    private static SignalFrame frame(List<String> channels, float... samples) {
        return new SignalFrame("s", 10, 2, 5_000, SampleRate.ofHertz(1000), channels, samples, 0);
    }

    @Test
    void holdsOneChannelAfterTheOther() {
        SignalFrame frame = frame(List.of("a", "b"), 1, 2, 3, 4, 5, 6);
        assertThat(frame.length()).isEqualTo(3);
        assertThat(frame.sample(0, 2)).isEqualTo(3f);
        assertThat(frame.sample(1, 0)).isEqualTo(4f);
        assertThat(frame.nextSequence()).isEqualTo(13);
        assertThat(frame.endNanos()).isEqualTo(3_005_000);
        assertThat(frame.eventNanos()).isEqualTo(5_000);
        assertThat(frame.key()).isEqualTo("s");
    }

    @Test
    void refusesNoChannels() {
        assertThatThrownBy(() -> frame(List.of(), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("frame of stream s has no channels");
        assertThatThrownBy(() -> frame(null, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesARaggedBlock() {
        assertThatThrownBy(() -> frame(List.of("a", "b"), 1, 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "frame of stream s has 3 values, which is no positive multiple of its 2"
                                + " channels");
        assertThatThrownBy(() -> frame(List.of("a"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> frame(List.of("a"), (float[]) null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void equalsByTheBitsOfItsSamples() {
        SignalFrame frame = frame(List.of("a"), 0f, Float.NaN);
        assertThat(frame)
                .isEqualTo(frame(List.of("a"), 0f, Float.NaN))
                .hasSameHashCodeAs(frame(List.of("a"), 0f, Float.NaN))
                .isNotEqualTo(frame(List.of("a"), -0f, Float.NaN))
                .isNotEqualTo(frame(List.of("b"), 0f, Float.NaN))
                .isNotEqualTo(frame.withSegment(3))
                .isNotEqualTo(frame.withSamples(frame.samples(), Quality.MISSING.bit()));
    }

    @Test
    void aSliceHasItsOwnNumberAndTime() {
        SignalFrame frame = frame(List.of("a", "b"), 1, 2, 3, 4, 5, 6);
        SignalFrame slice = frame.slice(1, 3);
        assertThat(slice.samples()).containsExactly(2, 3, 5, 6);
        assertThat(slice.sequence()).isEqualTo(frame.sequence() + 1);
        assertThat(slice.startNanos()).isEqualTo(frame.startNanos() + 1_000_000);
        assertThat(slice.segment()).isEqualTo(frame.segment());
        assertThat(frame.slice(0, 3)).isSameAs(frame);
    }

    @Test
    void namesItselfWithoutItsSamples() {
        assertThat(frame(List.of("a"), 1, 2))
                .hasToString("SignalFrame[s 10+2 segment 2 at 5000 ns, 1000 Hz, [a]]");
    }

    @Test
    void qualityIsAUnionOfBits() {
        int flags = Quality.MISSING.bit() | Quality.FILLED.bit();
        assertThat(Quality.MISSING.in(flags)).isTrue();
        assertThat(Quality.FILLED.in(Quality.MISSING.bit())).isFalse();
    }
}
