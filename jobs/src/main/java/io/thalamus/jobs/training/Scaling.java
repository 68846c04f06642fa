/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.jobs.training.Split.Part;
import io.thalamus.jobs.training.Split.Rows;
import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.signal.FrameTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.amplitude.Standardise;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Each channel's mean and population deviation: over the rows of all streams that are learned from,
 * without what is missing, or those that another network was trained with.
 *
 * @param kind what the bundle says of them
 */
record Scaling(double[] mean, double[] deviation, String kind) {
    private static final String KIND = "standard, population standard deviation, ";

    /**
     * The figures that a network was trained with; empty if its bundle has none.
     *
     * @throws InvalidInputException if they are no usable numbers, one of each for every channel
     */
    static Optional<Scaling> in(ModelBundle bundle, int channels) {
        if (!bundle.config().root().path("dataset").has("scaler")) {
            return Optional.empty();
        }
        BundleConfig scaler = bundle.config().section("dataset").section("scaler");
        double[] mean = figures(scaler, "mean", channels);
        double[] deviation = figures(scaler, "std", channels);
        if (Arrays.stream(deviation).anyMatch(figure -> figure <= 0)) {
            throw scaler.wrong("std", "above 0 for each channel");
        }
        return Optional.of(new Scaling(mean, deviation, KIND + "those of " + bundle.name()));
    }

    private static double[] figures(BundleConfig scaler, String field, int channels) {
        if (scaler.root().path(field).path(0).isArray()) {
            throw scaler.wrong(
                    field,
                    "one number for each channel: a training standardises all subjects alike");
        }
        List<Double> figures = scaler.numbers(field);
        if (figures.size() != channels) {
            throw scaler.wrong(
                    field, "a list of %d numbers, one for each channel".formatted(channels));
        }
        return figures.stream().mapToDouble(Double::doubleValue).toArray();
    }

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
        return new Scaling(mean, deviation, KIND + "fitted on the training rows");
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
