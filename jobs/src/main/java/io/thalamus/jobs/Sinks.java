/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import io.thalamus.connectors.file.RecordFiles;
import io.thalamus.connectors.kafka.RecordSink;
import io.thalamus.connectors.kafka.TopicOutput;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.jobs.spec.SinkSpec;
import io.thalamus.jobs.spec.SinkSpec.FileSink;
import io.thalamus.jobs.spec.SinkSpec.KafkaSink;
import io.thalamus.jobs.spec.SourceSpec.KafkaSource;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.WireRecord;
import java.time.Duration;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The steps at the ends of a job: where its records go. */
final class Sinks {
    /** How long a result file stays open at most; it appears at the next checkpoint. */
    private static final Duration ROLL = Duration.ofMinutes(1);

    private Sinks() {}

    /**
     * Adds a step that writes records.
     *
     * @param step the step's uid
     * @param prefix what the names of files start with
     */
    static <T extends WireRecord> void write(
            DataStream<T> records, SinkSpec sink, Class<T> type, String step, String prefix) {
        records.sinkTo(Sinks.<T>sink(sink, type, prefix)).name(step).uid(step);
    }

    /** Adds the step that writes remarks on streams. */
    static void writeAnnotations(DataStream<Annotation> annotations, SinkSpec sink) {
        write(annotations, sink, Annotation.class, "annotations", "annotations");
    }

    /** Adds the step that writes what could not be used; beside its topic, with its origin. */
    static void writeDeadLetters(DataStream<DeadLetter> letters, PipelineSpec spec) {
        String step = "dead-letters";
        if (spec.source() instanceof KafkaSource from
                && spec.deadLetters() instanceof KafkaSink to) {
            letters.sinkTo(RecordSink.ofDeadLetters(Sources.input(from), output(to)))
                    .name(step)
                    .uid(step);
        } else {
            write(letters, spec.deadLetters(), DeadLetter.class, step, step);
        }
    }

    private static <T extends WireRecord> Sink<T> sink(
            SinkSpec sink, Class<? extends T> type, String prefix) {
        if (sink instanceof FileSink files) {
            Path folder = new Path(files.path());
            return files.format() == SinkSpec.Format.CSV
                    ? RecordFiles.csv(type, folder, prefix, ROLL)
                    : RecordFiles.jsonLines(folder, prefix, ROLL);
        }
        if (sink instanceof KafkaSink kafka) {
            return RecordSink.of(output(kafka));
        }
        throw new IllegalStateException("no sink for " + sink);
    }

    private static TopicOutput output(KafkaSink kafka) {
        TopicOutput output =
                kafka.exactlyOnce()
                        ? TopicOutput.exactlyOnce(
                                kafka.bootstrap(),
                                kafka.topic(),
                                kafka.transactionalIdPrefix(),
                                kafka.properties().values())
                        : TopicOutput.atLeastOnce(
                                kafka.bootstrap(), kafka.topic(), kafka.properties().values());
        return kafka.registry().map(output::withRegistry).orElse(output);
    }
}
