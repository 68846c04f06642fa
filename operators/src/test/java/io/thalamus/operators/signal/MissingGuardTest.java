/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.SampleRate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Around a sum of everything so far, which a single missing value would spoil for good. */
class MissingGuardTest extends SignalTransformContract {
    private static final double N = Double.NaN;
    private static final StreamShape TWO =
            new StreamShape(List.of("a", "b"), SampleRate.ofHertz(4));

    /**
     * The sum of all samples so far, given for every {@code step}-th sample and {@code late}
     * samples after its own.
     */
    private record RunningSum(int step, int late) implements SignalTransform {
        @Override
        public PreparedTransform prepare(StreamShape input) {
            StreamShape output =
                    new StreamShape(
                            input.channels(),
                            new SampleRate(
                                    input.rate().numerator(), step * input.rate().denominator()));
            return MissingGuard.around(new Summing(output, step, late), input);
        }
    }

    private record Summing(StreamShape outputShape, int step, int latency)
            implements PreparedTransform {
        @Override
        public TransformState start() {
            int channels = outputShape.channels().size();
            return TransformState.zeros(2, channels * (1 + latency + 1));
        }

        @Override
        public void apply(SampleBlock in, TransformState state, SampleBlock out) {
            int channels = in.channels();
            for (int n = 0; n < in.length(); n++) {
                int slot = (int) (state.counters()[0] % (latency + 1));
                for (int c = 0; c < channels; c++) {
                    state.values()[c] += in.value(c, n);
                    state.values()[channels * (1 + slot) + c] = state.values()[c];
                }
                long seen = ++state.counters()[0];
                if (seen > latency && (seen - 1 - latency) % step == 0) {
                    give(state, seen - 1 - latency, out);
                }
            }
        }

        @Override
        public void finish(TransformState state, SampleBlock out) {
            long seen = state.counters()[0];
            for (long due = Math.max(seen - latency, 0); due < seen; due++) {
                if (due % step == 0) {
                    give(state, due, out);
                }
            }
        }

        private void give(TransformState state, long sample, SampleBlock out) {
            int slot = (int) (sample % (latency + 1));
            int at = out.extend(1);
            for (int c = 0; c < out.channels(); c++) {
                out.values()[at + c] = state.values()[out.channels() * (1 + slot) + c];
            }
        }
    }

    @Override
    protected SignalTransform transform() {
        return new RunningSum(3, 70);
    }

    @Override
    protected int samples() {
        return 400;
    }

    @Test
    void whatIsMissingComesOutAsMissingAndIsHeldInside() {
        double[][] out =
                SignalChain.whole(
                        new double[][] {{1, N, 1, 1}, {N, 2, 2, Double.NEGATIVE_INFINITY}},
                        TWO,
                        List.of(new RunningSum(1, 0)));
        assertThat(out[0]).containsExactly(1, N, 3, 4);
        assertThat(out[1]).containsExactly(N, 2, 4, N);
    }

    @Test
    void findsTheTimeOfASampleThatComesLateAndAtAnotherRate() {
        double[][] in = new double[2][300];
        Arrays.fill(in[0], 1);
        Arrays.fill(in[1], 1);
        in[0][7] = N; // between two outputs
        in[0][9] = N; // at an output
        in[1][12] = N;
        in[1][250] = N;
        double[][] out = SignalChain.whole(in, TWO, List.of(new RunningSum(3, 70)));
        assertThat(out[0]).hasSize(100);
        for (int m = 0; m < 100; m++) {
            assertThat(Double.isNaN(out[0][m])).as("channel a, sample %d", m).isEqualTo(m == 3);
            assertThat(Double.isNaN(out[1][m])).as("channel b, sample %d", m).isEqualTo(m == 4);
        }
    }

    /** A mark that was set before a clean stretch says nothing about the samples behind it. */
    @Test
    void forgetsWhatWasMissingLongAgo() {
        double[][] in = new double[2][700];
        in[0][5] = N;
        in[0][600] = N;
        SignalChain chain = new SignalChain(TWO, List.of(new RunningSum(1, 0)));
        SampleBlock block = SampleBlock.of(in);
        SampleBlock out = new SampleBlock(2);
        SampleBlock part = new SampleBlock(2);
        for (int n = 0; n < 700; n += 100) {
            part.clear();
            part.append(block, n, n + 100);
            chain.apply(part, out);
        }
        for (int n = 0; n < 700; n++) {
            assertThat(Double.isNaN(out.value(0, n)))
                    .as("sample %d", n)
                    .isEqualTo(n == 5 || n == 600);
        }
    }
}
