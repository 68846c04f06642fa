/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import java.util.Arrays;

/**
 * Holds a channel's last value where values are missing, for so many samples and no longer; what is
 * missing beyond that, or before the first value of a segment, stays missing. Causal: a value is
 * filled from the past alone, without latency.
 *
 * <p>A block, and so a frame, is marked {@link Quality#FILLED} if a value in it was filled.
 *
 * @param limit the most samples in a row that are filled, at least 1
 */
public record FillMissing(int limit) implements SignalTransform {

    public FillMissing {
        if (limit < 1) {
            throw new InvalidInputException(
                    "fill-missing: limit is %d; give at least 1 sample".formatted(limit));
        }
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        return new Holding(input, limit);
    }

    /** For each channel: how many values in a row are missing, and the last that was not. */
    private record Holding(StreamShape outputShape, int limit) implements PreparedTransform {

        @Override
        public TransformState start() {
            int channels = outputShape.channels().size();
            TransformState state = TransformState.zeros(channels, channels);
            Arrays.fill(state.values(), Double.NaN);
            return state;
        }

        @Override
        public void apply(SampleBlock in, TransformState state, SampleBlock out) {
            int channels = in.channels();
            int at = out.extend(in.length());
            for (int i = 0; i < in.length() * channels; i++) {
                int channel = i % channels;
                double value = in.values()[i];
                if (!Double.isNaN(value)) {
                    state.counters()[channel] = 0;
                    state.values()[channel] = value;
                } else if (state.counters()[channel]++ < limit
                        && !Double.isNaN(state.values()[channel])) {
                    value = state.values()[channel];
                    out.mark(Quality.FILLED.bit());
                }
                out.values()[at + i] = value;
            }
        }
    }
}
