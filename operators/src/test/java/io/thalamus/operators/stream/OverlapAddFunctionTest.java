/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OverlapAddFunctionTest {
    private static final TestStream S = TestStream.of("s");
    private static final TestStream T = TestStream.of("t");

    private static OverlapAddFunction step() {
        return new OverlapAddFunction("join", Slicing.ofSamples(6, 4), StandardTaper.HANN);
    }

    @Property(tries = 30)
    void restoredEqualsUninterrupted(@ForAll @IntRange(max = 40) int restoreBefore)
            throws Exception {
        List<SignalFrame> windows = new ArrayList<>();
        for (int k = 0; k < 20; k++) {
            windows.add(S.frame(4 * k, 6));
            windows.add(T.frame(4 * k, 6).withSegment(k / 10));
        }
        List<SignalFrame> out = StepHarness.run(windows, restoreBefore, step(), step());
        assertThat(out)
                .containsExactlyInAnyOrderElementsOf(StepHarness.run(windows, 0, step(), step()));
        assertThat(out).filteredOn(frame -> frame.streamId().equals("s")).hasSize(21);
    }

    @Test
    void aSegmentsRestComesWithTheNextAndAtTheEnd() throws Exception {
        try (StepHarness harness = StepHarness.of(step())) {
            harness.send(S.frame(0, 6), S.frame(51, 6).withSegment(1));
            assertThat(harness.output())
                    .containsExactly(S.frame(0, 4), S.frame(4, 2), S.frame(51, 4).withSegment(1));
            harness.end();
            assertThat(harness.output()).hasSize(4).last().isEqualTo(S.frame(55, 2).withSegment(1));
        }
    }

    @Test
    void aWindowOfAnotherLengthIsADeadLetter() throws Exception {
        try (StepHarness harness = StepHarness.of(step())) {
            harness.send(S.frame(0, 7), S.frame(4, 6));
            assertThat(harness.output()).containsExactly(S.frame(4, 4));
            assertThat(harness.side(SideOutputs.DEAD_LETTERS))
                    .map(DeadLetter::reason)
                    .containsExactly("windows of 6 samples are joined, not of 7");
            assertThat(harness.counter(StreamMetrics.DEAD_LETTERS)).isEqualTo(1);
        }
    }
}
