/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import io.thalamus.connectors.Ingest;
import io.thalamus.connectors.Received;
import io.thalamus.connectors.kafka.CommandSource;
import io.thalamus.connectors.kafka.FrameSource;
import io.thalamus.connectors.kafka.TopicInput;
import io.thalamus.connectors.recording.RecordedSource;
import io.thalamus.jobs.spec.PipelineSpec.ControlSpec;
import io.thalamus.jobs.spec.SourceSpec;
import io.thalamus.jobs.spec.SourceSpec.KafkaSource;
import io.thalamus.jobs.spec.SourceSpec.Recorded;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The steps {@code source} and {@code ingest}: where the frames of a job come from. */
final class Sources {
    /**
     * How far watermarks lie behind the frames of a topic, and after which time they do without a
     * silent partition. Watermarks decide when something happens, never what comes out.
     */
    private static final Duration OUT_OF_ORDERNESS = Duration.ofSeconds(5);

    private static final Duration IDLENESS = Duration.ofMinutes(1);

    /** After which time without a command those have been read that there are at the start. */
    private Sources() {}

    /** What lies at a source, as it comes. */
    static DataStream<Received> received(
            StreamExecutionEnvironment environment, SourceSpec source) {
        if (source instanceof Recorded recorded) {
            return received(environment, recorded.recordings());
        }
        if (source instanceof KafkaSource kafka) {
            return environment
                    .fromSource(
                            FrameSource.of(input(kafka)),
                            FrameSource.watermarks(OUT_OF_ORDERNESS, IDLENESS),
                            "source")
                    .uid("source");
        }
        throw new IllegalStateException("no source for " + source);
    }

    /** What lies in recordings, as it comes. */
    static DataStream<Received> received(
            StreamExecutionEnvironment environment, RecordedSource recordings) {
        return environment
                .fromSource(recordings, WatermarkStrategy.forMonotonousTimestamps(), "source")
                .uid("source");
    }

    /**
     * The commands of a topic, as it holds them, without watermarks: those of a Kafka source are of
     * its partitions, and none of these knows whether another has commands left.
     */
    static DataStream<Received> commands(
            StreamExecutionEnvironment environment, ControlSpec control, boolean ends) {
        return environment
                .fromSource(
                        CommandSource.of(
                                control.bootstrap(),
                                control.topic(),
                                ends,
                                control.properties().values()),
                        WatermarkStrategy.noWatermarks(),
                        "control")
                .setParallelism(1)
                .uid("control");
    }

    /** The frames of what has come; what is none, and remarks, are side outputs. */
    static SingleOutputStreamOperator<SignalFrame> ingested(DataStream<Received> received) {
        return Ingest.frames(received).name("ingest").uid("ingest");
    }

    /** How a topic is read. */
    static TopicInput input(KafkaSource kafka) {
        return new TopicInput(
                kafka.bootstrap(),
                List.of(kafka.topic()),
                kafka.group(),
                kafka.format(),
                kafka.ends(),
                kafka.properties().values());
    }
}
