/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.adaptation.Guards;
import io.thalamus.operators.adaptation.Leash;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.AdaptationSettings.Rule;
import io.thalamus.schemas.InvalidInputException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The section {@code adaptation}: how each stream learns while it runs. */
final class AdaptationReader {
    private static final List<AdaptationSettings> PRESETS =
            List.of(
                    AdaptationSettings.homeostat(),
                    AdaptationSettings.statistics(),
                    AdaptationSettings.tent(),
                    AdaptationSettings.nhl(),
                    AdaptationSettings.nhlFirst(),
                    AdaptationSettings.delayedError(),
                    AdaptationSettings.errorLevels(),
                    AdaptationSettings.reconstructionError());
    private static final String OF_THE_PRESET = "the preset's";
    private static final String ALL = "all";
    private static final String NONE = "none";

    private static final Key<String> PRESET =
            Key.required(
                    "preset",
                    KeyTypes.oneOf(names(PRESETS.stream()).toArray(String[]::new)),
                    "homeostat keeps mean and variance of the first layer where they were in"
                        + " training, by running statistics of each stream; the bundle needs"
                        + " source_statistics.safetensors. statistics does so for all normalisation"
                        + " layers, tent also learns their gains and offsets by the entropy of the"
                        + " output, nhl also the first layer by the soft Hebbian rule, nhl-first of"
                        + " gains and offsets only those of the first normalisation. In networks"
                        + " for voices, echoes and words, nhl learns a gain and an offset behind"
                        + " the first layer by the error that windows show. delayed-error learns by"
                        + " the errors of forecasts that have come due. error-levels weighs each"
                        + " channel's scores of anomalies by its usual error. reconstruction-error"
                        + " learns to fill holes by the errors at values that are known");
    private static final Key<Double> ALPHA =
            Key.absent(
                    "alpha",
                    KeyTypes.NUMBER,
                    OF_THE_PRESET,
                    "how far running statistics, usual errors and sums of errors move in a window,"
                            + " above 0 and at most 1");
    private static final Key<Double> RATE =
            Key.absent(
                    "rate",
                    KeyTypes.NUMBER,
                    OF_THE_PRESET,
                    "learning rate of gains and offsets, 0 for none");
    private static final Key<Double> HEBBIAN_RATE =
            Key.absent(
                    "hebbian-rate",
                    KeyTypes.NUMBER,
                    OF_THE_PRESET,
                    "learning rate of the first layer, 0 for none");
    private static final Key<Integer> BATCH =
            Key.absent(
                    "batch",
                    KeyTypes.integer(1),
                    OF_THE_PRESET,
                    "windows of one stream that an update is made of, kept in its state until"
                            + " then; or from one window that is learned from to the next");
    private static final Key<String> GUARDS =
            Key.optional(
                    "guards",
                    KeyTypes.oneOf(ALL, NONE),
                    ALL,
                    "all those of the preset, or none but what other keys ask for, to see on"
                            + " recordings what they do; the dead zone of homeostat stays");
    private static final Key<Double> PULL =
            Key.absent(
                    "pull",
                    KeyTypes.NUMBER,
                    OF_THE_PRESET,
                    "the share of the difference to the bundle's weights that each update takes"
                            + " back");
    private static final Key<Double> CAP =
            Key.absent(
                    "cap",
                    KeyTypes.NUMBER,
                    OF_THE_PRESET,
                    "the most that the norm of that difference may be, as a share of the norm of"
                            + " the weights");
    private static final Key<Integer> SHADOW =
            Key.absent(
                    "shadow",
                    KeyTypes.integer(0),
                    OF_THE_PRESET,
                    "windows of a stream from one that the bundle's network judges too to the"
                            + " next; 0 for none");
    private static final Key<Integer> SNAPSHOTS =
            Key.absent(
                    "snapshots",
                    KeyTypes.integer(0),
                    OF_THE_PRESET,
                    "how many states found good are kept to roll back to");
    private static final Key<Double> ENTROPY_FILTER =
            Key.absent(
                    "entropy-filter",
                    KeyTypes.NUMBER,
                    OF_THE_PRESET,
                    "of a conv1d-classifier whose gains and offsets follow the entropy: the share"
                            + " of the largest entropy that a window must be below to be followed,"
                            + " above 0 and at most 1, which is for all windows");
    private static final Key<Integer> WEIGHT_BUDGET =
            Key.optional(
                    "weight-budget",
                    KeyTypes.integer(0),
                    AdaptationSettings.BUDGET,
                    "the most bytes of state for what a stream has learned, snapshots included");
    private static final Key<Integer> PENDING_BUDGET =
            Key.optional(
                    "pending-budget",
                    KeyTypes.integer(0),
                    AdaptationSettings.BUDGET,
                    "the most bytes of state for the windows of a stream that wait to be learned"
                            + " from");
    static final Key<YamlNode.Mapping> EVENTS =
            Key.absent(
                    "events",
                    KeyTypes.GROUP,
                    "they are dropped",
                    "where resets, roll-backs and drifts of streams go");

    static final Key<String> INITIAL =
            Key.absent(
                    "initial",
                    KeyTypes.LOCATION,
                    "they start at the bundle's weights",
                    "a folder that adapt export has written, of the same bundle and preset: what"
                            + " streams know that have no state yet");

    static final List<Key<?>> KEYS =
            List.of(
                    PRESET,
                    ALPHA,
                    RATE,
                    HEBBIAN_RATE,
                    BATCH,
                    GUARDS,
                    PULL,
                    CAP,
                    SHADOW,
                    SNAPSHOTS,
                    ENTROPY_FILTER,
                    WEIGHT_BUDGET,
                    PENDING_BUDGET,
                    INITIAL,
                    EVENTS);

    /** What the rules have no use for. */
    private static final Map<Rule, Set<Key<?>>> UNREAD =
            Map.of(
                    Rule.HOMEOSTAT,
                    Set.of(RATE, HEBBIAN_RATE, BATCH, ENTROPY_FILTER, PENDING_BUDGET),
                    Rule.STATISTICS,
                    Set.of(RATE, HEBBIAN_RATE, ENTROPY_FILTER),
                    Rule.TENT,
                    Set.of(HEBBIAN_RATE),
                    Rule.DELAYED_ERROR,
                    Set.of(ALPHA, GUARDS, SHADOW, SNAPSHOTS, ENTROPY_FILTER),
                    Rule.ERROR_LEVELS,
                    Set.of(
                            RATE,
                            HEBBIAN_RATE,
                            BATCH,
                            GUARDS,
                            PULL,
                            CAP,
                            SHADOW,
                            SNAPSHOTS,
                            ENTROPY_FILTER,
                            WEIGHT_BUDGET,
                            PENDING_BUDGET),
                    Rule.RECONSTRUCTION_ERROR,
                    Set.of(
                            HEBBIAN_RATE,
                            GUARDS,
                            SHADOW,
                            SNAPSHOTS,
                            ENTROPY_FILTER,
                            PENDING_BUDGET));

    private AdaptationReader() {}

    private static Stream<String> names(Stream<AdaptationSettings> presets) {
        return presets.map(preset -> preset.rule().preset());
    }

    /** Reads it, if it is there, and notes what is wrong with it. */
    static AdaptationSettings read(Section root, boolean hasModel) {
        if (!root.has(PipelineKeys.ADAPTATION)) {
            return AdaptationSettings.FROZEN;
        }
        if (!hasModel) {
            root.wrong(
                    PipelineKeys.ADAPTATION,
                    "there is no model that could learn; remove adaptation, or add model");
            return AdaptationSettings.FROZEN;
        }
        Section section = root.group(PipelineKeys.ADAPTATION).allow(KEYS);
        if (!section.check(KEYS)) {
            return AdaptationSettings.FROZEN;
        }
        String name = section.get(PRESET);
        AdaptationSettings preset =
                PRESETS.stream()
                        .filter(one -> one.rule().preset().equals(name))
                        .findFirst()
                        .orElseThrow();
        KEYS.stream()
                .filter(key -> section.has(key) && !reads(preset, key))
                .forEach(key -> section.wrong(key, unread(preset, key)));
        try {
            return new AdaptationSettings(
                    preset.rule(),
                    or(section, ALPHA, preset.alpha()),
                    or(section, RATE, preset.rate()),
                    or(section, HEBBIAN_RATE, preset.hebbianRate()),
                    or(section, BATCH, preset.batch()),
                    guards(section, preset.guards()),
                    section.get(WEIGHT_BUDGET),
                    section.get(PENDING_BUDGET));
        } catch (InvalidInputException e) {
            root.wrong(PipelineKeys.ADAPTATION, e.getMessage());
            return AdaptationSettings.FROZEN;
        }
    }

    private static boolean reads(AdaptationSettings preset, Key<?> key) {
        return !UNREAD.getOrDefault(preset.rule(), Set.of()).contains(key);
    }

    private static String unread(AdaptationSettings preset, Key<?> key) {
        return "is nothing that %s reads; remove it, or give a preset that does: %s"
                .formatted(
                        preset.rule().preset(),
                        names(PRESETS.stream().filter(one -> reads(one, key)))
                                .collect(Collectors.joining(", ")));
    }

    private static Guards guards(Section section, Guards preset) {
        Guards base = section.get(GUARDS).equals(NONE) ? Guards.NONE : preset;
        return new Guards(
                new Leash(
                        or(section, PULL, base.leash().pull()),
                        or(section, CAP, base.leash().cap())),
                base.reset(),
                base.collapse(),
                base.shadow().every(or(section, SHADOW, base.shadow().every())),
                or(section, SNAPSHOTS, base.snapshots()),
                base.gate(),
                or(section, ENTROPY_FILTER, base.filter()));
    }

    private static <T> T or(Section section, Key<T> key, T preset) {
        T value = section.get(key);
        return value == null ? preset : value;
    }
}
