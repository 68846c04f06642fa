/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnreliableLinkTest {
    private static final long HOUR = 3_600_000_000_000L;
    private static final int LENGTH = 10;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void eachFaultHappensAsOftenAsAskedFor(long seed) {
        List<SignalFrame> sent = frames(200);

        List<SignalFrame> arrived = new UnreliableLink(seed, 4).carry(sent);

        List<Long> numbers = arrived.stream().map(SignalFrame::sequence).toList();
        assertThat(new LinkedHashSet<>(numbers)).hasSize(200 - 4);
        assertThat(numbers).hasSize(200 - 4 + 4);
        int late = 0;
        int jumps = 0;
        long newest = -1;
        long ahead = 0;
        for (SignalFrame frame : arrived) {
            boolean behind = frame.sequence() < newest;
            late += behind ? 1 : 0;
            newest = Math.max(newest, frame.sequence());
            long off = frame.startNanos() - frame.rate().nanosOf(frame.sequence());
            assertThat(off).isIn(0L, HOUR);
            if (!behind) {
                jumps += off == ahead ? 0 : 1;
                ahead = off;
            }
        }
        assertThat(late).isEqualTo(4 + 4); // delayed and repeated
        assertThat(jumps).isEqualTo(4);
        assertThat(numbers).startsWith(0L).endsWith(199L * LENGTH);
        assertThat(new UnreliableLink(seed, 4).carry(sent)).isEqualTo(arrived);
    }

    @Test
    void aGoodLinkChangesNothing() {
        assertThat(new UnreliableLink(1, 0).carry(frames(9))).isEqualTo(frames(9));
    }

    @Test
    void refusesMoreFaultsThanFit() {
        assertThatThrownBy(() -> new UnreliableLink(1, 3).carry(frames(47)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("12 faults do not fit in 47 frames");
        assertThatThrownBy(() -> new UnreliableLink(1, -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<SignalFrame> frames(int count) {
        SampleRate rate = SampleRate.ofHertz(100);
        List<SignalFrame> frames = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            frames.add(
                    new SignalFrame(
                            "s",
                            i * LENGTH,
                            0,
                            rate.nanosOf(i * LENGTH),
                            rate,
                            List.of("c"),
                            new float[LENGTH],
                            0));
        }
        return frames;
    }
}
