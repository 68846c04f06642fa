/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.core.fs.Path;

/**
 * Where a file's header puts what is read.
 *
 * @param width fields of each row
 * @param timeColumn the index of the time column
 * @param timeName its name
 * @param channels the channels' names
 * @param channelColumns the index of each channel's column
 */
record CsvHeader(
        int width, int timeColumn, String timeName, List<String> channels, int[] channelColumns) {

    /** Reads the header of a file that is at its start. */
    static CsvHeader read(Path path, CsvLines lines, CsvOptions options) throws IOException {
        List<String> names = names(path, lines, options);
        int time = options.timeColumn() == null ? 0 : names.indexOf(options.timeColumn());
        if (time < 0) {
            throw BinaryFile.invalid(
                    path,
                    "has no column '%s' for time-column: its columns are %s; name one of them, or"
                            + " set delimiter to what stands between them",
                    options.timeColumn(),
                    names);
        }
        if (options.timeColumn() == null && isTime(names.get(0), options)) {
            throw BinaryFile.invalid(
                    path,
                    "has no header: its first line begins with the time '%s'; put the columns'"
                            + " names above it",
                    names.get(0));
        }
        List<String> channels =
                options.channels().isEmpty() ? others(names, time) : options.channels();
        if (channels.isEmpty()) {
            throw BinaryFile.invalid(
                    path,
                    "has no channels: its header '%s' names only the time column; add columns, or"
                            + " set delimiter to what stands between them",
                    names.get(time));
        }
        return new CsvHeader(
                names.size(),
                time,
                names.get(time),
                List.copyOf(channels),
                columns(path, names, time, channels));
    }

    private static List<String> names(Path path, CsvLines lines, CsvOptions options)
            throws IOException {
        boolean found = lines.advance();
        if (found && !lines.skipByteOrderMark()) {
            throw BinaryFile.invalid(path, "is UTF-16: save it as UTF-8");
        }
        while (found && lines.isBlank()) {
            found = lines.advance();
        }
        if (!found) {
            throw BinaryFile.invalid(path, "is empty: it needs a header and rows");
        }
        CsvFields fields = new CsvFields(options.delimiter());
        if (lines.isPiece() || !lines.split(fields)) {
            throw BinaryFile.invalid(
                    path, "has no header that can be read in line %d", lines.mark().number());
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < fields.count(); i++) {
            names.add(fields.text(i));
        }
        return names;
    }

    private static boolean isTime(String text, CsvOptions options) {
        try {
            options.timeFormat().parser().applyAsLong(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static List<String> others(List<String> names, int time) {
        List<String> others = new ArrayList<>(names);
        others.remove(time);
        return others;
    }

    private static int[] columns(Path path, List<String> names, int time, List<String> channels) {
        Set<String> once = new HashSet<>();
        int[] columns = new int[channels.size()];
        for (int i = 0; i < columns.length; i++) {
            String channel = channels.get(i);
            columns[i] = names.indexOf(channel);
            if (columns[i] < 0) {
                throw BinaryFile.invalid(
                        path,
                        "has no column '%s' for channels: its columns are %s",
                        channel,
                        names);
            }
            if (columns[i] == time) {
                throw BinaryFile.invalid(
                        path, "has '%s' as its time: take it out of channels", channel);
            }
            if (channel.isEmpty()) {
                throw BinaryFile.invalid(
                        path,
                        "has a column without a name in its header: name it, or list the wanted"
                                + " columns in channels");
            }
            if (!once.add(channel) || names.lastIndexOf(channel) != columns[i]) {
                throw BinaryFile.invalid(
                        path, "has two columns '%s': rename one in its header", channel);
            }
        }
        return columns;
    }
}
