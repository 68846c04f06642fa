/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.FrameSlicer;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SlicingFunctionTest {
    private static final TestStream S = TestStream.of("s");

    private static SlicingFunction step() {
        return new SlicingFunction(new FrameSlicer(10, 4));
    }

    @Property(tries = 50)
    void restoredEqualsUninterrupted(
            @ForAll @IntRange(min = 1, max = 30) int length,
            @ForAll @IntRange(max = 60) int restoreBefore)
            throws Exception {
        List<SignalFrame> windows =
                StepHarness.run(S.frames(0, 60, length), restoreBefore, step(), step());
        assertThat(windows).hasSize(13);
        for (int i = 0; i < windows.size(); i++) {
            assertThat(windows.get(i)).isEqualTo(S.frame(4L * i, 10));
        }
    }

    @Test
    void windowsDoNotStraddleSegments() throws Exception {
        try (StepHarness harness = StepHarness.of(step())) {
            harness.send(S.frame(0, 12), S.frame(12, 15).withSegment(1));
            assertThat(harness.output())
                    .containsExactly(
                            S.frame(0, 10),
                            S.frame(12, 10).withSegment(1),
                            S.frame(16, 10).withSegment(1));
            assertThat(harness.counter(StreamMetrics.PARTIAL_WINDOWS)).isEqualTo(1);
            harness.end();
            assertThat(harness.output()).hasSize(3);
            assertThat(harness.counter(StreamMetrics.PARTIAL_WINDOWS)).isEqualTo(2);
        }
    }

    @Test
    void aSegmentThatEndsWithAWindowLeavesNothing() throws Exception {
        try (StepHarness harness = StepHarness.of(step())) {
            harness.send(S.frame(0, 14));
            harness.end();
            assertThat(harness.output()).hasSize(2);
            assertThat(harness.counter(StreamMetrics.PARTIAL_WINDOWS)).isZero();
        }
    }
}
