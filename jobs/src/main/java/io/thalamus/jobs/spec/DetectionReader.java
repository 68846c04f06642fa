/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.detection.Detection;
import io.thalamus.operators.signal.detection.FixedThreshold;
import io.thalamus.operators.signal.detection.PeaksOverThreshold;
import io.thalamus.operators.signal.detection.PercentileThreshold;
import io.thalamus.operators.signal.detection.ThresholdRule;
import io.thalamus.schemas.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code detection}, for models that score how unusual each sample is. */
final class DetectionReader {
    private static final Key<YamlNode.Mapping> THRESHOLD =
            Key.required("threshold", KeyTypes.GROUP, "which scores are too high");
    private static final Key<Span> QUIET =
            Key.optional(
                    "quiet",
                    KeyTypes.SPAN,
                    Span.ofSamples(1),
                    "1",
                    "how long the score must not exceed the threshold until an anomaly is over");
    private static final Key<Span> MIN_LENGTH =
            Key.optional(
                    "min-length",
                    KeyTypes.SPAN,
                    Span.ofSamples(1),
                    "1",
                    "how long an anomaly must be to be told of, from its first sample above the"
                            + " threshold to its last");
    static final Key<YamlNode.Mapping> EVENTS =
            Key.required(
                    "events",
                    KeyTypes.GROUP,
                    "where anomalies go, as they start and once they are over");

    static final List<Key<?>> KEYS = List.of(THRESHOLD, QUIET, MIN_LENGTH, EVENTS);

    private static final Key<Double> ANOMALY_RATIO =
            Key.optional(
                    "anomaly-ratio",
                    KeyTypes.NUMBER,
                    1.0,
                    "how many scores in a hundred of the calibration are too high");
    private static final Key<Span> PERCENTILE_CALIBRATION =
            Key.absent(
                    "calibration",
                    KeyTypes.SPAN,
                    "the scores of the network's training, in the bundle's `metrics.json`",
                    "the first stretch of each stream, whose scores are taken for ordinary");
    private static final Key<Double> RISK =
            Key.optional(
                    "risk",
                    KeyTypes.NUMBER,
                    1e-4,
                    "0.0001",
                    "the probability that an ordinary score is too high; below 1 - level");
    private static final Key<Double> LEVEL =
            Key.optional(
                    "level",
                    KeyTypes.NUMBER,
                    0.98,
                    "which quantile of the calibration's scores the tail begins at");
    private static final Key<Span> CALIBRATION =
            Key.optional(
                    "calibration",
                    KeyTypes.SPAN,
                    Span.ofSamples(1000),
                    "1000",
                    "the first stretch of each stream, from which level and tail are taken");
    private static final Key<Integer> DEPTH =
            Key.required(
                    "depth",
                    KeyTypes.integer(1),
                    "over how many ordinary scores the mean is taken that the threshold follows; at"
                            + " most 4096");
    private static final Key<Double> VALUE =
            Key.required("value", KeyTypes.NUMBER, "the threshold");

    static final List<Variant> THRESHOLDS =
            List.of(
                    new Variant(
                            "percentile",
                            "A percentile of ordinary scores: the rule of TimesNet's reference.",
                            List.of(Variant.TYPE, ANOMALY_RATIO, PERCENTILE_CALIBRATION)),
                    new Variant(
                            "spot",
                            "The tail of ordinary scores decides, and is learned on: peaks over"
                                    + " threshold.",
                            List.of(Variant.TYPE, RISK, LEVEL, CALIBRATION)),
                    new Variant(
                            "dspot",
                            "The same of what scores exceed the mean of the last ones by, where"
                                    + " they drift.",
                            List.of(Variant.TYPE, RISK, LEVEL, CALIBRATION, DEPTH)),
                    new Variant(
                            "fixed", "A threshold that is known.", List.of(Variant.TYPE, VALUE)));

    private DetectionReader() {}

    /**
     * What the group {@code detection} says of thresholds and events.
     *
     * @param bundle the model's; null if it is not known
     * @return empty, with the mistakes noted, if it is not right
     */
    static Optional<Detection> read(Section section, ModelBundle bundle) {
        section.allow(KEYS);
        Span quiet = section.get(QUIET);
        Span minLength = section.get(MIN_LENGTH);
        return section.get(THRESHOLD) == null
                ? Optional.empty()
                : threshold(section.group(THRESHOLD), bundle)
                        .map(rule -> new Detection(rule, quiet, minLength));
    }

    private static Optional<ThresholdRule> threshold(Section section, ModelBundle bundle) {
        String type = section.type(THRESHOLDS);
        Variant variant =
                THRESHOLDS.stream().filter(one -> one.type().equals(type)).findFirst().orElse(null);
        if (variant == null || !section.check(variant.keys())) {
            return Optional.empty();
        }
        try {
            return switch (type) {
                case "percentile" -> percentile(section, bundle);
                case "spot" -> Optional.of(peaks(section, 0));
                case "dspot" -> Optional.of(peaks(section, section.get(DEPTH)));
                default -> Optional.of(new FixedThreshold(section.get(VALUE)));
            };
        } catch (InvalidInputException e) {
            section.wrong(Variant.TYPE, e.getMessage().replaceFirst("^threshold: ", ""));
            return Optional.empty();
        }
    }

    private static ThresholdRule peaks(Section section, int depth) {
        return new PeaksOverThreshold(
                section.get(RISK), section.get(LEVEL), section.get(CALIBRATION), depth);
    }

    private static Optional<ThresholdRule> percentile(Section section, ModelBundle bundle) {
        double ratio = section.get(ANOMALY_RATIO);
        if (section.has(PERCENTILE_CALIBRATION)) {
            return Optional.of(new PercentileThreshold(ratio, section.get(PERCENTILE_CALIBRATION)));
        }
        return bundle == null
                ? Optional.empty() // why there is none has been told
                : ofTraining(section, 100 - ratio, bundle);
    }

    private static Optional<ThresholdRule> ofTraining(
            Section section, double percent, ModelBundle bundle) {
        Optional<BundleConfig> scores =
                bundle.metrics()
                        .filter(metrics -> metrics.root().at("/test/trainingScores").isObject())
                        .map(metrics -> metrics.section("test").section("trainingScores"));
        if (scores.isEmpty()) {
            section.wrong(
                    PERCENTILE_CALIBRATION,
                    "is missing, and bundle %s has no test.trainingScores in %s; give a stretch"
                            .formatted(bundle.name(), ModelBundle.METRICS));
            return Optional.empty();
        }
        BundleConfig percentiles = scores.get().section("percentiles");
        List<String> known = new ArrayList<>();
        percentiles.root().fieldNames().forEachRemaining(known::add);
        for (String name : known) {
            if (isNumber(name, percent)) {
                return Optional.of(new FixedThreshold(percentiles.number(name)));
            }
        }
        section.wrong(
                ANOMALY_RATIO,
                "calls for percentile %s of the training's scores, but bundle %s has %s; give a"
                                .formatted(percent, bundle.name(), known)
                        + " ratio of those, or a calibration");
        return Optional.empty();
    }

    private static boolean isNumber(String text, double number) {
        try {
            return Math.abs(Double.parseDouble(text) - number) < 1e-9;
        } catch (NumberFormatException e) {
            return false; // a percentile of another name
        }
    }
}
