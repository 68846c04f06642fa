/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.connectors.kafka.FrameFormat;
import io.thalamus.connectors.recording.CsvFormat;
import io.thalamus.connectors.recording.CsvOptions;
import io.thalamus.connectors.recording.DetectedFormat;
import io.thalamus.connectors.recording.Looping;
import io.thalamus.connectors.recording.Pacing;
import io.thalamus.connectors.recording.RecordedSource;
import io.thalamus.connectors.recording.RecordingOptions;

/** Where the streams of a pipeline come from. */
public sealed interface SourceSpec {

    /** Whether the source comes to an end. */
    boolean ends();

    /** Files that are played. */
    sealed interface Recorded extends SourceSpec {

        /** A file, a folder or a glob. */
        String path();

        /** How often they are played. */
        Looping looping();

        /** The recordings, as Flink reads them. */
        RecordedSource recordings();

        @Override
        default boolean ends() {
            return !looping().isEndless();
        }
    }

    /**
     * A recording in files that say themselves how they are read, such as WAV, FLAC, EDF, XDF and
     * Avro.
     *
     * @param path a file, a folder or a glob
     * @param options how they are read
     * @param pacing how fast they are played
     * @param looping how often they are played
     */
    record RecordingSource(String path, RecordingOptions options, Pacing pacing, Looping looping)
            implements Recorded {

        @Override
        public RecordedSource recordings() {
            return RecordedSource.of(path, DetectedFormat.of(options))
                    .withPacing(pacing)
                    .withLooping(looping);
        }
    }

    /**
     * A recording in CSV files; each file is a stream.
     *
     * @param path a file, a folder or a glob
     * @param options how they are read
     * @param pacing how fast they are played
     * @param looping how often they are played
     */
    record CsvSource(String path, CsvOptions options, Pacing pacing, Looping looping)
            implements Recorded {

        @Override
        public RecordedSource recordings() {
            return RecordedSource.of(path, new CsvFormat(options))
                    .withPacing(pacing)
                    .withLooping(looping);
        }
    }

    /**
     * A Kafka topic of signal frames.
     *
     * @param bootstrap the brokers
     * @param topic the topic
     * @param group the consumer group
     * @param format how its records hold frames
     * @param ends whether to stop where the topic ends when the job starts
     * @param properties for the Kafka client
     */
    record KafkaSource(
            String bootstrap,
            String topic,
            String group,
            FrameFormat format,
            boolean ends,
            Settings properties)
            implements SourceSpec {}
}
