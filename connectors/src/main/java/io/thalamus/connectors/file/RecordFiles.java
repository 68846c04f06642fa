/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.file;

import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.RollingPolicy;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.DefaultRollingPolicy;

/**
 * Writes records to the files of a folder, on any file system that Flink knows.
 *
 * <p>A file is finished, and gets its name {@code <prefix>-<id>-<count>.jsonl} or {@code .csv}, at
 * the first checkpoint after it was closed, or at the end of the input; until then it is hidden,
 * its name starting with a dot. With checkpoints, the finished files hold every record exactly
 * once.
 */
public final class RecordFiles {
    private static final MemorySize LARGEST = MemorySize.ofMebiBytes(128);

    private RecordFiles() {}

    /**
     * One JSON object a line, for records of every type. Times are given in nanoseconds and in ISO
     * form, values as one array a channel; a missing value is {@code null}, an infinite one a
     * string.
     *
     * @param directory the folder; made if it is not there
     * @param prefix how the files' names start
     * @param roll how long a file may stay open before it is closed and another begun
     */
    public static <T extends WireRecord> FileSink<T> jsonLines(
            Path directory, String prefix, Duration roll) {
        return sink(directory, prefix, ".jsonl", new JsonLines<>(), rolling(roll), roll);
    }

    /** Writes one record as such a line. */
    public static void jsonLine(WireRecord record, OutputStream stream) throws IOException {
        new JsonLines<>().encode(record, stream);
    }

    /**
     * One row a sample or a window, with a header in each file; a missing value is an empty cell. A
     * stream whose channels are not those of the file before begins another file: streams of many
     * shapes are better written as JSON lines.
     *
     * @param type what is written; records without samples are a row each
     * @param directory the folder; made if it is not there
     * @param prefix how the files' names start
     * @param roll how long a file may stay open before it is closed and another begun
     * @throws io.thalamus.schemas.InvalidInputException if records of the type have no rows
     */
    public static <T extends WireRecord> FileSink<T> csv(
            Class<? extends T> type, Path directory, String prefix, Duration roll) {
        CsvFiles<T> files = new CsvFiles<>(CsvTable.of(type), rolling(roll));
        return sink(directory, prefix, ".csv", files, files, roll);
    }

    private static <T> RollingPolicy<T, String> rolling(Duration roll) {
        return DefaultRollingPolicy.builder()
                .withMaxPartSize(LARGEST)
                .withRolloverInterval(roll)
                .withInactivityInterval(roll)
                .build();
    }

    private static <T> FileSink<T> sink(
            Path directory,
            String prefix,
            String suffix,
            Encoder<T> encoder,
            RollingPolicy<T, String> rolling,
            Duration roll) {
        return FileSink.forRowFormat(directory, encoder)
                .withBucketAssigner(new BasePathBucketAssigner<>())
                .withBucketCheckInterval(roll.toMillis())
                .withRollingPolicy(rolling)
                .withOutputFileConfig(new OutputFileConfig(prefix, suffix))
                .build();
    }
}
