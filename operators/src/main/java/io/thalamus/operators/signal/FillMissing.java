/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Holds a channel's last value where values are missing, for so many samples and no longer; what is
 * missing beyond that, or before the first value of a segment, stays missing. Causal: a value is
 * filled from the past alone.
 *
 * <p>A frame is marked {@link Quality#FILLED} if a value in it was filled, and {@link
 * Quality#MISSING} if one is still missing.
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
    public StreamShape outputShape(StreamShape input) {
        return input;
    }

    /** For each channel: how many values in a row are missing, and the last that was not. */
    @Override
    public TransformState start(StreamShape input) {
        int channels = input.channels().size();
        TransformState state = new TransformState(new long[channels], new double[channels]);
        Arrays.fill(state.values(), Double.NaN);
        return state;
    }

    @Override
    public void apply(SignalFrame frame, TransformState state, Consumer<SignalFrame> out) {
        float[] samples = frame.samples().clone();
        int length = frame.length();
        int quality = frame.quality() & ~Quality.MISSING.bit();
        for (int i = 0; i < samples.length; i++) {
            int channel = i / length;
            if (!Float.isNaN(samples[i])) {
                state.counters()[channel] = 0;
                state.values()[channel] = samples[i];
            } else if (state.counters()[channel]++ < limit
                    && !Double.isNaN(state.values()[channel])) {
                samples[i] = (float) state.values()[channel];
                quality |= Quality.FILLED.bit();
            } else {
                quality |= Quality.MISSING.bit();
            }
        }
        out.accept(frame.withSamples(samples, quality));
    }
}
