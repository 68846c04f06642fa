/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import io.thalamus.operators.signal.Denormals;
import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.schemas.InvalidInputException;
import java.time.Duration;

/**
 * Brings each channel to mean 0 and deviation 1 with statistics that follow the channel: {@code (x
 * - mean) / deviation}, where a sample {@code k} samples back has the weight {@code exp(-k /
 * (timeConstant * rate))} in both, and the sample itself weight 1. The weights are divided by their
 * sum, so that the statistics are right from the start and not drawn towards zero: early ones are
 * those of the few samples seen (pandas: {@code ewm} with {@code adjust=True}, variance with {@code
 * bias=True}). The mean and the variance are carried along as West has it, "Updating Mean and
 * Variance Estimates: An Improved Method", Communications of the ACM 22, 1979.
 *
 * <p>A channel that has not varied yet gives 0, and so does the first sample. Missing and infinite
 * values come out as missing and have no part in the statistics, whose weights count the samples
 * that are there. Causal, without latency; the output has no unit.
 *
 * @param timeConstant after which a sample's weight has fallen to 1/e; at least one sample
 */
public record RunningStandardise(Duration timeConstant) implements SignalTransform {
    /**
     * Deviations that are smaller than this share of the mean are rounding, as float32 has no such
     * differences, and count as none.
     */
    private static final double RESOLUTION = 1e-9;

    public RunningStandardise {
        if (timeConstant.isNegative() || timeConstant.isZero()) {
            throw new InvalidInputException(
                    "standardise-running: time-constant is %s; give more than nothing"
                            .formatted(timeConstant));
        }
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        double samples = timeConstant.toNanos() * 1e-9 * input.rate().hertz();
        if (samples < 1) {
            throw new InvalidInputException(
                    "standardise-running: time-constant %s is shorter than a sample at %s; give at"
                                    .formatted(timeConstant, input.rate())
                            + " least one sample's time");
        }
        return new Following(input, StrictMath.exp(-1 / samples));
    }

    /** For each channel: the sum of the weights, the mean, the weighted sum of squares about it. */
    private record Following(StreamShape outputShape, double decay) implements PreparedTransform {
        private static final int EACH = 3;

        @Override
        public TransformState start() {
            return TransformState.zeros(0, EACH * outputShape.channels().size());
        }

        // Without MissingGuard, which would have the value that it holds counted again and again.
        @Override
        public void apply(SampleBlock in, TransformState state, SampleBlock out) {
            int channels = in.channels();
            double[] statistics = state.values();
            double[] from = in.values();
            int to = out.extend(in.length());
            double[] into = out.values();
            for (int i = 0; i < in.length() * channels; i++) {
                into[to + i] =
                        Double.isFinite(from[i])
                                ? next(from[i], statistics, EACH * (i % channels))
                                : Double.NaN;
            }
        }

        private double next(double value, double[] statistics, int at) {
            double weight = decay * statistics[at] + 1;
            double before = value - statistics[at + 1];
            double mean = Denormals.flushed(statistics[at + 1] + before / weight);
            double after = value - mean;
            double squares = Denormals.flushed(decay * statistics[at + 2] + before * after);
            statistics[at] = weight;
            statistics[at + 1] = mean;
            statistics[at + 2] = squares;
            double deviation = Math.sqrt(squares / weight);
            return deviation > RESOLUTION * Math.abs(mean) ? after / deviation : 0;
        }
    }
}
