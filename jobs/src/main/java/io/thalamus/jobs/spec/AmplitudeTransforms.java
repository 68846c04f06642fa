/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.amplitude.FillMissing;
import io.thalamus.operators.signal.amplitude.Standardise;
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
    private static final Key<String> STATISTICS =
            Key.absent(
                    "statistics",
                    KeyTypes.oneOf("bundle"),
                    "none",
                    "bundle takes mean and deviation from the model bundle, by channel name");

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
                            AmplitudeTransforms::standardise));

    private AmplitudeTransforms() {}

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
                    : bundleStatistics(section, channels, bundle);
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
            Section section, List<String> channels, ModelBundle bundle) {
        JsonNode dataset = bundle.config().root().path("dataset");
        List<String> columns = bundle.channelNames();
        JsonNode mean = dataset.path("scaler").path("mean");
        JsonNode deviation = dataset.path("scaler").path("std");
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
        List<String> wanted = channels.isEmpty() ? columns : channels;
        if (!columns.containsAll(wanted)) {
            section.wrong(
                    STATISTICS,
                    "bundle %s has statistics for %s, but the channels are %s"
                            .formatted(bundle.name(), columns, wanted));
            return null;
        }
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
