/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.jobs.evaluation.Labels;
import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SignalFrame;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Trials: windows that begin where a label does. For learning each is shifted by up to a tenth of
 * its length, as the seed, the trial and the draw decide; samples that there are none of are 0.
 *
 * @param names of the classes
 * @param onsets of each recording: the class of the label that begins then
 */
record TrialExamples(
        int length, List<String> names, Map<String, TreeMap<Long, Integer>> onsets, long seed)
        implements ExampleMaker {
    private static final int SHARE = 10;

    /**
     * @param annotations those that last are the labels
     * @param streams the recordings
     */
    static TrialExamples of(
            int length,
            Classes classes,
            List<Annotation> annotations,
            Set<String> streams,
            long seed) {
        Labels labels =
                new Labels(
                        annotations.stream()
                                .filter(annotation -> annotation.durationNanos() > 0)
                                .toList());
        Map<String, TreeMap<Long, Integer>> onsets = new HashMap<>();
        for (String stream : streams) {
            TreeMap<Long, Integer> own = new TreeMap<>();
            for (Annotation label : labels.of(stream)) {
                own.put(
                        label.onsetNanos(),
                        Collections.binarySearch(classes.names(), label.text()));
            }
            onsets.put(stream, own);
        }
        return new TrialExamples(length, classes.names(), onsets, seed);
    }

    @Override
    public Optional<TrainingExample> at(SignalFrame stretch, int first, int draw) {
        long start = stretch.startNanos() + stretch.rate().nanosOf(first);
        String id = stretch.streamId();
        TreeMap<Long, Integer> own = onsets.get(id);
        long before = start - stretch.rate().nanosOf(1);
        Map.Entry<Long, Integer> label = own.floorEntry(start);
        if (label == null || label.getKey() <= before) {
            return Optional.empty();
        }
        SignalFrame window = stretch.slice(first, first + length);
        if (!ExampleMaker.isWhole(window.samples())) {
            return Optional.empty();
        }
        float[] target = {label.getValue()};
        if (draw != 0) {
            Random random = SeededRandom.of(seed, id.hashCode(), window.sequence(), length, draw);
            int most = length / SHARE;
            window = shifted(stretch, first + random.nextInt(2 * most + 1) - most, window);
        }
        return Optional.of(new TrainingExample(window, target));
    }

    private SignalFrame shifted(SignalFrame stretch, int first, SignalFrame window) {
        int channels = window.channels().size();
        float[] samples = new float[channels * length];
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < length; i++) {
                int at = first + i;
                float value = at < 0 || at >= stretch.length() ? 0 : stretch.sample(channel, at);
                samples[channel * length + i] = Float.isFinite(value) ? value : 0;
            }
        }
        return window.withSamples(samples, window.quality());
    }
}
