/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import org.junit.jupiter.api.Test;

class StretchBuilderTest {
    private static SignalFrame frame(long sequence, long startNanos, float... values) {
        return new SignalFrame(
                "s",
                sequence,
                0,
                startNanos,
                SampleRate.ofHertz(1000),
                List.of("a", "b"),
                values,
                0);
    }

    @Test
    void framesThatFollowAreOneStretch() {
        StretchBuilder builder = new StretchBuilder();
        builder.add(frame(10, 0, 1, 2, 3, 4));
        builder.add(frame(12, 2_400_000, 5, 6)); // 0.4 samples late

        assertThat(builder.finish())
                .singleElement()
                .satisfies(
                        stretch -> {
                            assertThat(stretch.firstRow()).isZero();
                            assertThat(stretch.samples().sequence()).isEqualTo(10);
                            assertThat(stretch.samples().samples())
                                    .containsExactly(1, 2, 5, 3, 4, 6);
                        });
    }

    @Test
    void lostSamplesAndJumpsOfTheClockBeginAnother() {
        StretchBuilder builder = new StretchBuilder();
        builder.add(frame(10, 0, 1, 2, 3, 4));
        builder.add(frame(13, 3_000_000, 5, 6));
        builder.add(frame(14, 4_600_000, 7, 8)); // 0.6 samples late

        List<Stretch> stretches = builder.finish();
        assertThat(stretches).extracting(Stretch::firstRow).containsExactly(0L, 2L, 3L);
        assertThat(stretches)
                .extracting(stretch -> stretch.samples().segment())
                .containsExactly(0, 1, 2);
    }
}
