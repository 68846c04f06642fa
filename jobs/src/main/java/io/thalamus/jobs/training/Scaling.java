/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.jobs.training.Split.Part;
import io.thalamus.jobs.training.Split.Rows;
import io.thalamus.operators.signal.FrameTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.amplitude.Standardise;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * Each channel's mean and population deviation over the rows of all streams that are learned from,
 * without what is missing.
 */
record Scaling(double[] mean, double[] deviation) {

    /**
     * Measures it. A channel that never changes has the deviation 1.
     *
     * @throws InvalidInputException if a channel has no values, or none ever changes
     */
    static Scaling of(TrainingData data, Split split) {
        List<SignalFrame> learned = new ArrayList<>();
        data.streams()
                .forEach(
                        (stream, stretches) -> {
                            Rows rows =
                                    split.of(Part.TRAINING, stream, TrainingData.rows(stretches));
                            for (Stretch stretch : stretches) {
                                long end = Math.min(stretch.endRow(), rows.end());
                                if (end > stretch.firstRow()) {
                                    int length = (int) (end - stretch.firstRow());
                                    learned.add(stretch.samples().slice(0, length));
                                }
                            }
                        });
        int channels = data.channels().size();
        double[] mean = new double[channels];
        double[] deviation = new double[channels];
        boolean anyChanges = false;
        for (int channel = 0; channel < channels; channel++) {
            double[] figures = measure(learned, channel);
            if (figures[0] == 0) {
                throw new InvalidInputException(
                        "channel '%s' has no values in what is to be learned from: leave it out with --channels"
                                .formatted(data.channels().get(channel)));
            }
            mean[channel] = figures[1];
            anyChanges |= figures[2] > 0;
            deviation[channel] = figures[2] > 0 ? figures[2] : 1;
        }
        if (!anyChanges) {
            throw new InvalidInputException(
                    "no channel of %s ever changes in what is to be learned from: there is nothing to learn"
                            .formatted(data.name()));
        }
        return new Scaling(mean, deviation);
    }

    /** How many values, their mean, their deviation. */
    private static double[] measure(List<SignalFrame> frames, int channel) {
        double count = 0;
        double sum = 0;
        for (SignalFrame frame : frames) {
            for (int i = 0; i < frame.length(); i++) {
                float value = frame.sample(channel, i);
                if (Float.isFinite(value)) {
                    sum += value;
                    count++;
                }
            }
        }
        double mean = sum / count;
        double squares = 0;
        for (SignalFrame frame : frames) {
            for (int i = 0; i < frame.length(); i++) {
                double difference = frame.sample(channel, i) - mean;
                squares += Double.isFinite(difference) ? difference * difference : 0;
            }
        }
        return new double[] {count, mean, Math.sqrt(squares / count)};
    }

    /** The same stretch as the deployed network gets it: by the step of a pipeline. */
    Stretch apply(Stretch stretch) {
        return apply(new Standardise(mean, deviation), stretch);
    }

    /** Applies a transform that neither delays nor resamples. */
    static Stretch apply(SignalTransform transform, Stretch stretch) {
        List<SignalFrame> out = new ArrayList<>();
        FrameTransform frames = new FrameTransform(transform);
        SignalFrame in = stretch.samples();
        frames.finish(frames.apply(in, frames.before(in), out::add), out::add);
        return stretch.with(out.get(0));
    }
}
