/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import io.thalamus.connectors.Ingest;
import io.thalamus.connectors.Received;
import io.thalamus.connectors.recording.RecordedSource;
import io.thalamus.jobs.spec.SinkSpec;
import io.thalamus.schemas.SignalFrame;
import java.util.Optional;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;

/** Builds the Flink job that publishes recordings. */
public final class PublicationBuilder {
    private PublicationBuilder() {}

    /**
     * Adds a job that writes what is in recordings as it is: neither put in order nor cut into
     * segments, which is what whoever reads the topics does. Input that cannot be used is counted
     * by {@link Ingest}.
     *
     * <p>A frame of more values than a source lets in is cut to shorter ones.
     *
     * @param annotations where annotations go; they are dropped if it is empty
     */
    public static void build(
            StreamExecutionEnvironment environment,
            RecordedSource recordings,
            SinkSpec sink,
            Optional<SinkSpec> annotations) {
        PipelineBuilder.configure(environment);
        SingleOutputStreamOperator<SignalFrame> frames =
                Sources.ingested(Sources.received(environment, recordings));
        Sinks.write(
                frames.flatMap(PublicationBuilder::letIn)
                        .returns(SignalFrame.class)
                        .name("cut")
                        .uid("cut"),
                sink,
                SignalFrame.class,
                "sink",
                "frames");
        annotations.ifPresent(
                remarks ->
                        Sinks.writeAnnotations(frames.getSideOutput(Ingest.ANNOTATIONS), remarks));
    }

    /** Cuts a frame to pieces that sources let in, of which each has one sample at least. */
    private static void letIn(SignalFrame frame, Collector<SignalFrame> out) {
        int most = Math.max(1, Received.MAX_FRAME_VALUES / frame.channels().size());
        for (int from = 0; from < frame.length(); from += most) {
            out.collect(frame.slice(from, Math.min(frame.length(), from + most)));
        }
    }
}
