/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.testing.Frames;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameTransformTest {
    private static final TestStream S = TestStream.of("s").withRate(SampleRate.ofHertz(6));

    /** Every third sample, two samples late. */
    private record EveryThird() implements SignalTransform {
        @Override
        public PreparedTransform prepare(StreamShape input) {
            StreamShape output = new StreamShape(input.channels(), SampleRate.ofHertz(2));
            return new PreparedTransform() {
                @Override
                public StreamShape outputShape() {
                    return output;
                }

                @Override
                public TransformState start() {
                    return TransformState.zeros(1, input.channels().size());
                }

                @Override
                public void apply(SampleBlock in, TransformState state, SampleBlock out) {
                    for (int n = 0; n < in.length(); n++) {
                        long at = state.counters()[0]++;
                        if (at % 3 == 0) {
                            for (int c = 0; c < in.channels(); c++) {
                                state.values()[c] = in.value(c, n);
                            }
                        } else if (at % 3 == 2) {
                            finish(state, out);
                        }
                    }
                }

                @Override
                public void finish(TransformState state, SampleBlock out) {
                    int to = out.extend(1);
                    System.arraycopy(state.values(), 0, out.values(), to, out.channels());
                }

                @Override
                public int latency() {
                    return 2;
                }
            };
        }
    }

    /** As of a filter of many taps, which would be gone through for each frame. */
    private record Unhashed(SignalTransform transform) implements SignalTransform {
        @Override
        public PreparedTransform prepare(StreamShape input) {
            return transform.prepare(input);
        }

        @Override
        public int hashCode() {
            throw new IllegalStateException("hashed");
        }
    }

    @Test
    void aTransformOfAllStreamsIsNotGoneThroughForEachFrame() {
        SignalTransform transform = new Unhashed(new EveryThird());
        assertThat(Frames.through(transform, S.frames(10, 20, 4))).hasSize(4);
        Trigger trigger = new Trigger(S.frame(0, 1).channels().get(0), 0.5, Duration.ZERO);
        SignalTransform beside = new BesideTrigger(transform, trigger);
        assertThat(Frames.through(beside, S.frames(10, 20, 4))).hasSize(4);
    }

    @Test
    void numbersAndTimesAreThoseOfTheOutputsRate() {
        List<SignalFrame> out = Frames.through(new EveryThird(), S.frames(10, 20, 4));
        long start = S.frame(10, 1).startNanos();
        assertThat(out).map(SignalFrame::sequence).containsExactly(3L, 4L, 5L, 6L);
        assertThat(out)
                .map(SignalFrame::startNanos)
                .containsExactly(
                        start, start + 500_000_000, start + 1_000_000_000, start + 1_500_000_000);
        assertThat(out)
                .map(frame -> frame.sample(1, 0))
                .containsExactly(S.value(1, 10), S.value(1, 13), S.value(1, 16), S.value(1, 19));
    }

    @Test
    void flagsStayWithTheSamplesTheyAreKnownOf() {
        int filled = Quality.FILLED.bit();
        List<SignalFrame> frames = new ArrayList<>(S.frames(0, 18, 2));
        SignalFrame third = frames.get(2); // samples 4 and 5: in the second output sample
        frames.set(2, third.withSamples(third.samples(), filled));
        assertThat(Frames.through(new EveryThird(), frames).subList(0, 6))
                .map(SignalFrame::quality)
                .containsExactly(0, filled, 0, 0, 0, 0);
    }

    @Test
    void wantsFramesThatFollowOnOneAnother() {
        FrameTransform frames = new FrameTransform(new EveryThird());
        TransformMemory memory = frames.before(S.frame(0, 4));
        assertThatThrownBy(() -> frames.apply(S.frame(1, 4), memory, frame -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not follow on sample 0");
    }
}
