/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.Trigger;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code window.trigger}, for windows that start where a channel rises. */
final class TriggerReader {
    private static final Key<String> CHANNEL =
            Key.required("channel", KeyTypes.TEXT, "the channel, of those that are read");
    private static final Key<Double> LEVEL =
            Key.optional(
                    "level", KeyTypes.NUMBER, 0.5, "the channel is high where its value is above");
    private static final Key<Duration> OFFSET =
            Key.optional(
                    "offset",
                    KeyTypes.OFFSET,
                    Duration.ZERO,
                    "0s",
                    "from the rise to the window's start; -200ms starts it before");

    static final List<Key<?>> KEYS = List.of(CHANNEL, LEVEL, OFFSET);

    /** What is made of windows that follow one another alone. */
    private static final Set<Class<? extends WireRecord>> OF_ALL_SAMPLES =
            Set.of(SignalFrame.class, Forecast.class);

    private TriggerReader() {}

    /** The trigger of a group {@code window}; empty if it names none, or not rightly. */
    static Optional<Trigger> read(Section window) {
        if (!window.has(PipelineKeys.TRIGGER)) {
            return Optional.empty();
        }
        for (Key<?> key : List.of(PipelineKeys.HOP, PipelineKeys.PADDING)) {
            if (window.has(key)) {
                window.wrong(key, "does not go with trigger, which says where windows are");
            }
        }
        Section section = window.group(PipelineKeys.TRIGGER).allow(KEYS);
        return section.check(KEYS)
                ? Optional.of(
                        new Trigger(section.get(CHANNEL), section.get(LEVEL), section.get(OFFSET)))
                : Optional.empty();
    }

    /**
     * What is left of a stream for the transforms.
     *
     * @return null, with the mistake noted, if the trigger is no channel of it
     */
    static StreamShape without(Trigger trigger, StreamShape stream, Section window) {
        try {
            return trigger.without(stream);
        } catch (InvalidInputException e) {
            window.group(PipelineKeys.TRIGGER).wrong(CHANNEL, e.getMessage());
            return null;
        }
    }

    /** Notes if a model wants windows that follow one another. */
    static void checkResult(Class<? extends WireRecord> result, String model, Section window) {
        if (OF_ALL_SAMPLES.contains(result)) {
            window.wrong(
                    PipelineKeys.TRIGGER,
                    "model %s gives a %s, which wants windows that follow one another; remove it"
                            .formatted(model, result.getSimpleName()));
        }
    }
}
