/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.amplitude.GapFill;
import io.thalamus.operators.signal.amplitude.SampleChecks;
import io.thalamus.operators.signal.amplitude.SampleChecks.FlatLine;
import io.thalamus.operators.signal.amplitude.SampleChecks.Saturation;
import io.thalamus.operators.stream.OrderPolicy;
import io.thalamus.operators.stream.OrderPolicy.Drift;
import io.thalamus.operators.stream.OrderPolicy.Gap;
import io.thalamus.operators.stream.OrderPolicy.Jump;
import io.thalamus.schemas.InvalidInputException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Reads {@code order}: what is done about disorder in a stream. */
final class OrderReader {
    private static final Key<Integer> REORDER =
            Key.optional(
                    "reorder",
                    KeyTypes.integer(0),
                    0,
                    "how many samples a frame may come after its place");
    private static final Key<Gap> GAP =
            Key.optional(
                    "gap",
                    KeyTypes.constant(Gap.class),
                    Gap.SPLIT,
                    "split",
                    "where samples are lost: split begins a new segment, fill makes them up, fail"
                            + " stops the job; a change of rate or channels, and a source that"
                            + " counts anew, always split, or fail");
    private static final Key<YamlNode.Mapping> FILL =
            Key.absent(
                    "fill",
                    KeyTypes.GROUP,
                    "must be given for gap: fill",
                    "how lost samples are made up, and how many");
    private static final Key<Jump> JUMP =
            Key.optional(
                    "jump",
                    KeyTypes.constant(Jump.class),
                    Jump.SPLIT,
                    "split",
                    "where the clock jumps: split begins a new segment, keep goes on by the"
                            + " segment's own clock, gap takes a jump forward for lost samples,"
                            + " fail stops the job");
    private static final Key<Duration> TOLERANCE =
            Key.optional(
                    "tolerance",
                    KeyTypes.DURATION,
                    OrderPolicy.TOLERANCE,
                    "1s",
                    "how far a frame's time may stray from where it is expected; half a sample"
                            + " always may");
    private static final Key<YamlNode.Mapping> DRIFT =
            Key.absent(
                    "drift",
                    KeyTypes.GROUP,
                    "its defaults",
                    "what is done if the sample clock strays from its nominal rate");
    private static final Key<YamlNode.Mapping> SATURATION =
            Key.absent(
                    "saturation",
                    KeyTypes.GROUP,
                    "not looked for",
                    "the end of the sensor's range");
    private static final Key<YamlNode.Mapping> FLAT_LINE =
            Key.absent(
                    "flat-line",
                    KeyTypes.GROUP,
                    "not looked for",
                    "channels that no longer change");

    /** All keys of the group but {@code grid}. */
    static final List<Key<?>> KEYS =
            List.of(REORDER, GAP, FILL, JUMP, TOLERANCE, DRIFT, SATURATION, FLAT_LINE);

    /** What a grid does without. */
    static final List<Key<?>> NOT_WITH_GRID =
            KEYS.stream().filter(key -> key != REORDER).<Key<?>>map(key -> key).toList();

    private static final Key<GapFill.Method> METHOD =
            Key.required(
                    "method",
                    KeyTypes.constant(GapFill.Method.class),
                    "hold repeats the last value, linear goes on a line to the next one, zeros;"
                            + " model leaves them missing for a model that fills missing values");
    private static final Key<Span> LIMIT =
            Key.required(
                    "limit", KeyTypes.SPAN, "the longest gap that is filled; a longer one splits");
    static final List<Key<?>> FILL_KEYS = List.of(METHOD, LIMIT);

    private static final Key<Double> REPORT =
            Key.optional(
                    "report",
                    KeyTypes.NUMBER,
                    Drift.REPORT_PPM,
                    "100",
                    "from how many parts per million on it is told of, at least 20");
    private static final Key<Boolean> CORRECT =
            Key.optional(
                    "correct",
                    KeyTypes.FLAG,
                    false,
                    "true resamples the stream to its nominal rate by the clock of its time"
                            + " stamps");
    static final List<Key<?>> DRIFT_KEYS = List.of(REPORT, CORRECT);

    private static final Key<Double> LOW =
            Key.absent("low", KeyTypes.NUMBER, "no limit", "the lowest value of the range");
    private static final Key<Double> HIGH =
            Key.absent("high", KeyTypes.NUMBER, "no limit", "the highest value of the range");
    private static final Key<Integer> SAMPLES =
            Key.optional(
                    "samples",
                    KeyTypes.integer(1),
                    1,
                    "how many values in a row at a limit are a saturation");
    private static final Key<Boolean> REMOVE =
            Key.optional(
                    "remove",
                    KeyTypes.FLAG,
                    false,
                    "true makes such values missing ones; else they are counted and marked");
    static final List<Key<?>> SATURATION_KEYS = List.of(LOW, HIGH, SAMPLES, REMOVE);

    private static final Key<Span> LENGTH =
            Key.required("length", KeyTypes.SPAN, "for how long a channel must have stayed");
    private static final Key<Double> RANGE =
            Key.optional(
                    "tolerance",
                    KeyTypes.NUMBER,
                    0.0,
                    "0",
                    "how far values may be from the first of them, in the data's unit");
    static final List<Key<?>> FLAT_LINE_KEYS = List.of(LENGTH, RANGE, REMOVE);

    private final Section order;
    private final boolean modelFills;
    private final Set<String> switches;

    private OrderReader(Section order, boolean modelFills, Set<String> switches) {
        this.order = order;
        this.modelFills = modelFills;
        this.switches = switches;
    }

    /**
     * The policy of a group; the default's part where a part is not right, with that noted.
     *
     * @param modelFills whether the pipeline's model fills missing values
     * @param switches channels that are two levels by their nature
     */
    static OrderPolicy read(Section order, boolean modelFills, Set<String> switches) {
        return new OrderReader(order, modelFills, switches).policy();
    }

    private OrderPolicy policy() {
        SampleChecks checks = new SampleChecks(saturation(), flatLine(), switches);
        OrderPolicy policy =
                OrderPolicy.DEFAULT
                        .withReorder(order.get(REORDER))
                        .withJump(order.get(JUMP), order.get(TOLERANCE))
                        .withDrift(drift())
                        .withChecks(checks);
        Gap gap = order.get(GAP);
        if (gap != Gap.FILL) {
            if (order.has(FILL)) {
                order.wrong(FILL, "is only for gap: fill; remove it, or set gap to fill");
            }
            return policy.withGap(gap);
        }
        if (!order.has(FILL)) {
            order.wrong(GAP, "fill wants order.fill, with method and limit");
            return policy;
        }
        Section fill = order.group(FILL).allow(FILL_KEYS);
        if (!fill.check(FILL_KEYS)) {
            return policy;
        }
        GapFill how = new GapFill(fill.get(METHOD), fill.get(LIMIT));
        if (how.isForModel() && !modelFills) {
            fill.wrong(
                    METHOD,
                    "model wants a model that fills missing values; give its bundle, or write hold,"
                            + " linear or zeros");
        }
        return policy.withFill(how);
    }

    private Drift drift() {
        Section section = order.group(DRIFT).allow(DRIFT_KEYS);
        return made(
                section,
                REPORT,
                OrderPolicy.DEFAULT.drift(),
                () -> new Drift(section.get(REPORT), section.get(CORRECT)));
    }

    private Saturation saturation() {
        if (!order.has(SATURATION)) {
            return null;
        }
        Section section = order.group(SATURATION).allow(SATURATION_KEYS);
        Double low = section.get(LOW);
        Double high = section.get(HIGH);
        return made(
                section,
                high == null ? LOW : HIGH,
                null,
                () ->
                        new Saturation(
                                low == null ? Double.NEGATIVE_INFINITY : low,
                                high == null ? Double.POSITIVE_INFINITY : high,
                                section.get(SAMPLES),
                                section.get(REMOVE)));
    }

    private FlatLine flatLine() {
        if (!order.has(FLAT_LINE)) {
            return null;
        }
        Section section = order.group(FLAT_LINE).allow(FLAT_LINE_KEYS);
        return section.check(FLAT_LINE_KEYS)
                ? made(
                        section,
                        RANGE,
                        null,
                        () ->
                                new FlatLine(
                                        section.get(LENGTH),
                                        section.get(RANGE),
                                        section.get(REMOVE)))
                : null;
    }

    /** What is made, or, with the mistake noted, a substitute. */
    private static <T> T made(Section section, Key<?> key, T substitute, Supplier<T> maker) {
        try {
            return maker.get();
        } catch (InvalidInputException e) {
            section.wrong(key, e.getMessage());
            return substitute;
        }
    }
}
