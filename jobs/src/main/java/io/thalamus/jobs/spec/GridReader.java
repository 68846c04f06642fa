/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.signal.rate.Grid;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code order.grid}, for streams that come at irregular times. */
final class GridReader {
    private static final Key<SampleRate> RATE =
            Key.required("rate", KeyTypes.RATE, "points of the grid a second");
    private static final Key<String> METHOD =
            Key.optional(
                    "method",
                    KeyTypes.oneOf("linear", "previous"),
                    "linear",
                    "linear goes on a line from reading to reading, previous holds the last");
    private static final Key<Duration> LIMIT =
            Key.required(
                    "limit",
                    KeyTypes.DURATION,
                    "longest time between readings that is bridged; a longer one begins a new"
                            + " segment");

    static final List<Key<?>> KEYS = List.of(RATE, METHOD, LIMIT);

    private GridReader() {}

    /** The grid of a group {@code order}; empty if it names none, or not rightly. */
    static Optional<Grid> read(Section order) {
        if (!order.has(PipelineKeys.GRID)) {
            return Optional.empty();
        }
        for (Key<?> key : OrderReader.NOT_WITH_GRID) {
            if (order.has(key)) {
                order.wrong(key, "does not go with grid, whose limit says what is bridged");
            }
        }
        Section section = order.group(PipelineKeys.GRID).allow(KEYS);
        if (!section.check(KEYS)) {
            return Optional.empty();
        }
        String method = section.get(METHOD).toUpperCase(Locale.ROOT);
        try {
            return Optional.of(
                    new Grid(section.get(RATE), Grid.Method.valueOf(method), section.get(LIMIT)));
        } catch (InvalidInputException e) {
            section.wrong(LIMIT, e.getMessage());
            return Optional.empty();
        }
    }
}
