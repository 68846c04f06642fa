/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.SubjectStandardise;
import io.thalamus.operators.inference.Subjects;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.amplitude.Clip;
import io.thalamus.operators.signal.amplitude.ConvertUnits;
import io.thalamus.operators.signal.amplitude.FillMissing;
import io.thalamus.operators.signal.amplitude.Gain;
import io.thalamus.operators.signal.amplitude.RunningStandardise;
import io.thalamus.operators.signal.amplitude.Standardise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The transforms of {@code operators.signal.amplitude}, as steps of a pipeline. */
final class AmplitudeTransforms {
    private static final Key<Integer> LIMIT =
            Key.optional(
                    "limit",
                    KeyTypes.integer(1),
                    6,
                    "most missing samples in a row that are filled with the last value");
    private static final Key<List<Double>> MEAN =
            Key.absent("mean", KeyTypes.NUMBERS, "none", "one number for each channel");
    private static final Key<List<Double>> DEVIATION =
            Key.absent(
                    "deviation", KeyTypes.NUMBERS, "none", "one positive number for each channel");
    static final Key<String> STATISTICS =
            Key.absent(
                    "statistics",
                    KeyTypes.oneOf("bundle"),
                    "none",
                    "bundle takes mean and deviation from the model bundle, by channel name, and by"
                            + " the stream's subject where the bundle has them for each");

    private static final Key<Duration> TIME_CONSTANT =
            Key.required(
                    "time-constant",
                    KeyTypes.DURATION,
                    "after which a sample counts for 1/e in the statistics");
    private static final Key<Double> LOW =
            Key.optional("low", KeyTypes.NUMBER, Double.NEGATIVE_INFINITY, "none", "lower limit");
    private static final Key<Double> HIGH =
            Key.optional("high", KeyTypes.NUMBER, Double.POSITIVE_INFINITY, "none", "upper limit");
    private static final Key<Double> FACTOR =
            Key.absent(
                    "factor", KeyTypes.NUMBER, "as decibels says", "what values are multiplied by");
    private static final Key<Double> DECIBELS =
            Key.absent("decibels", KeyTypes.NUMBER, "as factor says", "the same in dB");
    private static final Key<String> UNIT_FROM =
            Key.required("from", KeyTypes.TEXT, "the unit of the data, such as V or degC");
    private static final Key<String> UNIT_TO =
            Key.required("to", KeyTypes.TEXT, "the unit that they get, such as uV or K");

    static final List<TransformType> TYPES =
            List.of(
                    new TransformType(
                            "fill-missing",
                            "Fills missing values with the channel's last one.",
                            List.of(LIMIT),
                            (section, context) -> new FillMissing(section.get(LIMIT))),
                    new TransformType(
                            "standardise",
                            "Takes the mean away and divides by the deviation, channel by channel.",
                            List.of(MEAN, DEVIATION, STATISTICS),
                            AmplitudeTransforms::standardise),
                    new TransformType(
                            "standardise-running",
                            "The same with statistics that follow each channel; not for a model"
                                    + " that gives forecasts or signals.",
                            List.of(TIME_CONSTANT),
                            AmplitudeTransforms::running),
                    new TransformType(
                            "clip",
                            "Holds values between two limits.",
                            List.of(LOW, HIGH),
                            (section, context) -> new Clip(section.get(LOW), section.get(HIGH))),
                    new TransformType(
                            "gain",
                            "Multiplies every value by one factor.",
                            List.of(FACTOR, DECIBELS),
                            (section, context) -> gain(section)),
                    new TransformType(
                            "convert-units",
                            "Converts values from one unit into another of the same quantity.",
                            List.of(UNIT_FROM, UNIT_TO),
                            (section, context) ->
                                    new ConvertUnits(
                                            section.get(UNIT_FROM), section.get(UNIT_TO))));

    private AmplitudeTransforms() {}

    /**
     * Forecasts and signals are given in the data's units, which statistics that move on do not
     * lead back to.
     */
    private static SignalTransform running(Section section, TransformType.Context context) {
        if (context.inDatasUnits()) {
            section.wrong(
                    Variant.TYPE,
                    "what the model gives cannot be brought back to the data's units from"
                            + " statistics that move on; take standardise");
            return null;
        }
        return new RunningStandardise(section.get(TIME_CONSTANT));
    }

    private static SignalTransform gain(Section section) {
        if (section.has(FACTOR) == section.has(DECIBELS)) {
            section.wrong(FACTOR, "give either factor or decibels");
            return null;
        }
        return section.has(FACTOR)
                ? new Gain(section.get(FACTOR))
                : Gain.ofDecibels(section.get(DECIBELS));
    }

    private static SignalTransform standardise(Section section, TransformType.Context context) {
        List<String> channels = context.channels();
        ModelBundle bundle = context.bundle();
        if (section.has(STATISTICS)) {
            if (section.has(MEAN) || section.has(DEVIATION)) {
                section.wrong(STATISTICS, "give either statistics, or mean and deviation");
            }
            if (!context.hasModel()) {
                section.wrong(
                        STATISTICS,
                        "there is no model whose bundle could have statistics; give mean and"
                                + " deviation");
            }
            return section.get(STATISTICS) == null || bundle == null
                    ? null
                    : bundleStatistics(section, channels, bundle, context.inDatasUnits());
        }
        List<Double> mean = section.get(MEAN);
        List<Double> deviation = section.get(DEVIATION);
        if (!section.has(MEAN) || !section.has(DEVIATION)) {
            section.wrong(
                    section.has(MEAN) ? DEVIATION : MEAN,
                    "is missing: give mean and deviation, or statistics: bundle");
        } else if (mean != null && deviation != null) {
            if (mean.size() != deviation.size()) {
                section.wrong(
                        DEVIATION,
                        "has %d numbers where mean has %d"
                                .formatted(deviation.size(), mean.size()));
            } else if (!channels.isEmpty() && mean.size() != channels.size()) {
                section.wrong(
                        MEAN,
                        "has %d numbers for the %d channels %s"
                                .formatted(mean.size(), channels.size(), channels));
            } else if (deviation.stream().anyMatch(value -> value <= 0)) {
                section.wrong(DEVIATION, "must be above 0 for each channel: " + deviation);
            } else {
                return new Standardise(array(mean), array(deviation));
            }
        }
        return null;
    }

    private static SignalTransform bundleStatistics(
            Section section, List<String> channels, ModelBundle bundle, boolean inDatasUnits) {
        JsonNode scaler = bundle.config().root().path("dataset").path("scaler");
        List<String> columns = bundle.channelNames();
        List<String> wanted = channels.isEmpty() ? columns : channels;
        // one list of numbers, or one for each subject
        boolean bySubject = scaler.path("mean").path(0).isArray();
        if (bySubject && inDatasUnits) {
            section.wrong(
                    STATISTICS,
                    "bundle %s has statistics of each subject, from which what it gives cannot be"
                                    .formatted(bundle.name())
                            + " brought back to the data's units; give mean and deviation");
            return null;
        }
        Subjects subjects =
                bySubject
                        ? Subjects.of(bundle.config(), scaler.path("mean").size())
                        : Subjects.any();
        List<Standardise> figures = new ArrayList<>();
        for (int subject = 0; subject < (bySubject ? subjects.names().size() : 1); subject++) {
            JsonNode mean = scaler.path("mean");
            JsonNode deviation = scaler.path("std");
            mean = bySubject ? mean.path(subject) : mean;
            deviation = bySubject ? deviation.path(subject) : deviation;
            if (columns.isEmpty()
                    || !isNumbers(mean, columns.size())
                    || !isNumbers(deviation, columns.size())) {
                section.wrong(
                        STATISTICS,
                        "bundle %s has no dataset.columns with dataset.scaler.mean and .std for each;"
                                        .formatted(bundle.name())
                                + " give mean and deviation");
                return null;
            }
            if (!columns.containsAll(wanted)) {
                List<String> missing =
                        columns.stream().filter(column -> !wanted.contains(column)).toList();
                section.wrong(
                        STATISTICS,
                        "bundle %s has statistics for %s, but the channels are %s%s"
                                .formatted(
                                        bundle.name(),
                                        columns,
                                        wanted,
                                        missing.isEmpty()
                                                ? ""
                                                : "; missing: " + String.join(", ", missing)));
                return null;
            }
            figures.add(figures(mean, deviation, wanted, columns));
        }
        return bySubject ? new SubjectStandardise(subjects, figures) : figures.get(0);
    }

    private static Standardise figures(
            JsonNode mean, JsonNode deviation, List<String> wanted, List<String> columns) {
        double[] means = new double[wanted.size()];
        double[] deviations = new double[wanted.size()];
        for (int i = 0; i < means.length; i++) {
            int column = columns.indexOf(wanted.get(i));
            means[i] = mean.get(column).doubleValue();
            deviations[i] = deviation.get(column).doubleValue();
        }
        return new Standardise(means, deviations);
    }

    private static boolean isNumbers(JsonNode node, int size) {
        if (!node.isArray() || node.size() != size) {
            return false;
        }
        for (JsonNode number : node) {
            if (!number.isNumber()) {
                return false;
            }
        }
        return true;
    }

    private static double[] array(List<Double> numbers) {
        double[] array = new double[numbers.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = numbers.get(i);
        }
        return array;
    }
}
