/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.Subjects;
import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.List;

/**
 * What is learned from at once.
 *
 * @param examples the windows and what is wanted of each
 * @param subjects of each
 */
record Batch(List<TrainingExample> examples, int[] subjects) {

    static Batch of(List<TrainingExample> examples, Subjects subjects, DuinConfig config) {
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("a batch has at least one example");
        }
        int[] places = new int[examples.size()];
        for (int i = 0; i < places.length; i++) {
            SignalFrame window = examples.get(i).window();
            int channels = window.channels().size();
            if (channels != config.channels() || window.length() != config.length()) {
                throw new IllegalArgumentException(
                        "windows of %d channels and %d samples are wanted, not of %d and %d"
                                .formatted(
                                        config.channels(),
                                        config.length(),
                                        channels,
                                        window.length()));
            }
            places[i] = subjects.require(window.streamId());
        }
        return new Batch(examples, places);
    }

    int size() {
        return subjects.length;
    }

    /** The samples of a signal, channels by samples. */
    float[] samples(int index) {
        return examples.get(index).window().samples();
    }

    /** All signals with zeros for what is missing. */
    float[] signals() {
        int size = samples(0).length;
        float[] all = new float[size() * size];
        for (int i = 0; i < size(); i++) {
            float[] one = samples(i);
            for (int j = 0; j < size; j++) {
                all[i * size + j] = Float.isFinite(one[j]) ? one[j] : 0;
            }
        }
        return all;
    }

    /** Ones for channels in which nothing is missing, zeros for others. */
    float[] wholeChannels(int channels) {
        float[] whole = new float[size() * channels];
        Arrays.fill(whole, 1);
        int length = samples(0).length / channels;
        for (int i = 0; i < size(); i++) {
            float[] one = samples(i);
            for (int j = 0; j < one.length; j++) {
                if (!Float.isFinite(one[j])) {
                    whole[i * channels + j / length] = 0;
                }
            }
        }
        return whole;
    }

    /** The class of each example. */
    int[] classes(int count) {
        int[] classes = new int[size()];
        for (int i = 0; i < classes.length; i++) {
            float[] target = examples.get(i).target();
            classes[i] = target.length == 1 ? (int) target[0] : -1;
            if (classes[i] < 0 || classes[i] >= count || classes[i] != target[0]) {
                throw new IllegalArgumentException(
                        "there is no class %s among %d".formatted(Arrays.toString(target), count));
            }
        }
        return classes;
    }
}
