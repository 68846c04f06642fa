/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.operators.signal.SplitMix;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.io.Serializable;

/**
 * Which values of a signal are hidden, so that a model has to guess them: each with the same
 * probability, independently of all others. Whether one is depends on the seed, the stream, the
 * channel's place and the sample's number alone, so that neither the cutting into frames nor the
 * batch matters; what a lower rate hides, a higher one hides too.
 *
 * @param seed another seed hides other values
 * @param rate the share of values that are hidden, above 0 and below 1
 */
public record HiddenValues(long seed, double rate) implements Serializable {

    public HiddenValues {
        if (!(rate > 0 && rate < 1)) {
            throw new IllegalArgumentException(
                    "a share of hidden values is above 0 and below 1, not " + rate);
        }
    }

    /** The frame with NaN for what is hidden. */
    public SignalFrame hide(SignalFrame frame) {
        float[] samples = frame.samples().clone();
        int length = frame.length();
        for (int i = 0; i < samples.length; i++) {
            if (hides(frame.streamId(), i / length, frame.sequence() + i % length)) {
                samples[i] = Float.NaN;
            }
        }
        return frame.withSamples(samples, Quality.of(samples, frame.quality()));
    }

    /** Whether a value is hidden. */
    boolean hides(String stream, int channel, long sequence) {
        long hash = mix(mix(mix(seed) ^ stream.hashCode()) ^ sequence) ^ channel;
        return SplitMix.unit(mix(hash)) < rate;
    }

    private static long mix(long value) {
        return SplitMix.mixed(value + SplitMix.GAMMA);
    }
}
