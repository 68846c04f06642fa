/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** Where the streams of a pipeline come from. */
public sealed interface SourceSpec {

    /**
     * A recording in CSV files; each file is a stream.
     *
     * @param path a file, a folder or a glob
     * @param timeColumn the column with the time of each row
     * @param timeFormat how that is written, as {@link java.time.format.DateTimeFormatter} has it
     * @param zone the zone of times that name none
     * @param channels the columns to read; empty for all but the time column
     * @param interval from row to row; empty to take it from the first rows
     * @param from the first time to read
     * @param to the first time not to read
     * @param frame samples of a frame
     * @param speed how many times faster than it was recorded; infinite for as fast as possible
     */
    record CsvSource(
            String path,
            String timeColumn,
            String timeFormat,
            ZoneId zone,
            List<String> channels,
            Optional<Duration> interval,
            Optional<Instant> from,
            Optional<Instant> to,
            int frame,
            double speed)
            implements SourceSpec {}

    /**
     * A Kafka topic of signal frames.
     *
     * @param bootstrap the brokers
     * @param topic the topic
     * @param group the consumer group
     * @param until whether to stop at the topic's present end, or never
     * @param properties for the Kafka client
     */
    record KafkaSource(
            String bootstrap, String topic, String group, Until until, Settings properties)
            implements SourceSpec {}

    /** Where reading a topic ends. */
    enum Until {
        /** It never does. */
        NEVER,
        /** Where the topic ends when the job starts. */
        LATEST
    }
}
