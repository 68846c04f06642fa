/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.util.Arrays;

/**
 * A gain and an offset for each channel of the output of a network's first layer, by which a stream
 * differs from the bundle.
 *
 * @param gain what each channel is multiplied by
 * @param offset what is then added to it
 */
public record Modulation(float[] gain, float[] offset) {

    /** That of a stream that has learned nothing. */
    public static Modulation none(int channels) {
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        return new Modulation(ones, new float[channels]);
    }

    /**
     * A stream's own: what a {@link FeedbackLearning} has taught it, or what brings its signal back
     * to where it was in training, as far as the stream has learned where it is.
     *
     * @param source the statistics of the training
     */
    public static Modulation of(ChannelStatistics source, FastWeights learned) {
        return FeedbackLearning.modulation(source, learned)
                .orElseGet(() -> ofHomeostat(source, learned));
    }

    private static Modulation ofHomeostat(ChannelStatistics source, FastWeights learned) {
        int channels = source.mean().length;
        if (!HomeostaticLearning.hasLearned(learned)) {
            return none(channels);
        }
        Homeostat homeostat = new Homeostat(source, 0, Homeostat.EPSILON);
        ChannelStatistics running = HomeostaticLearning.shifted(source, learned);
        float[] gain = new float[channels];
        float[] offset = new float[channels];
        for (int channel = 0; channel < channels; channel++) {
            gain[channel] = (float) homeostat.gain(running, channel);
            offset[channel] = (float) homeostat.offset(running, channel);
        }
        return new Modulation(gain, offset);
    }
}
