/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.SampleRate;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.flink.core.fs.Path;

/**
 * The sample grid of a file, from its first rows.
 *
 * @param startNanos the time of sample 0: of the first row whose time can be read
 * @param rate as given, or as inferred by the rule of {@link CsvOptions#rate()}
 */
record CsvHead(long startNanos, SampleRate rate) {

    /** How many lines below the header are looked at. */
    static final int LINES = 1024;

    /** Reads the lines that follow the header. */
    static CsvHead read(Path path, CsvLines lines, CsvHeader header, CsvOptions options)
            throws IOException {
        ToLongFunction<String> parser = options.timeFormat().parser();
        CsvFields fields = new CsvFields(options.delimiter());
        Map<Long, Integer> differences = new HashMap<>();
        String unreadable = null;
        Long first = null;
        long previous = 0;
        int read = 0;
        while (read < LINES && lines.advance()) {
            if (lines.isBlank()) {
                continue;
            }
            read++;
            if (lines.isPiece() || !lines.split(fields) || fields.count() <= header.timeColumn()) {
                continue;
            }
            String text = fields.text(header.timeColumn());
            long time;
            try {
                time = parser.applyAsLong(text);
            } catch (DateTimeException e) {
                unreadable = unreadable == null ? text : unreadable;
                continue;
            }
            if (first == null) {
                first = time;
                if (options.rate() != null) {
                    return new CsvHead(time, options.rate());
                }
            } else if (time > previous) {
                differences.merge(time - previous, 1, Integer::sum);
            }
            previous = time;
        }
        if (read == 0) {
            throw BinaryFile.invalid(path, "has a header and no rows: it needs at least one");
        }
        if (first == null) {
            throw BinaryFile.invalid(
                    path,
                    "has no time in column '%s' that reads as %s in its first %d rows%s: set"
                            + " time-column and time-format",
                    header.timeName(),
                    options.timeFormat().pattern(),
                    read,
                    unreadable == null ? "" : " (the first is '" + unreadable + "')");
        }
        return new CsvHead(first, infer(path, header, differences));
    }

    private static SampleRate infer(Path path, CsvHeader header, Map<Long, Integer> differences) {
        Comparator<Map.Entry<Long, Integer>> byFrequency = Map.Entry.comparingByValue();
        long nanos =
                differences.entrySet().stream()
                        .max(
                                byFrequency.thenComparing(
                                        Map.Entry.comparingByKey(Comparator.reverseOrder())))
                        .orElseThrow(
                                () ->
                                        BinaryFile.invalid(
                                                path,
                                                "has no two rows with rising times in column '%s'"
                                                        + " to infer the sample interval from: sort"
                                                        + " the rows by time, or set interval or"
                                                        + " rate",
                                                header.timeName()))
                        .getKey();
        try {
            return SampleRate.ofPeriod(Duration.ofNanos(nanos));
        } catch (IllegalArgumentException e) {
            throw BinaryFile.invalid(
                    path,
                    "has %d ns as the most frequent difference of times in column '%s', which is"
                            + " no usable sample interval: set interval or rate",
                    nanos,
                    header.timeName());
        }
    }
}
