/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.ControlCommand;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.SignalFrame;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Parts what a source received: frames go on, annotations go to {@link #ANNOTATIONS}, commands to
 * {@link #COMMANDS}, dead letters to {@link #DEAD_LETTERS} and are counted by the metric {@code
 * deadLetters}.
 *
 * <pre>{@code
 * SingleOutputStreamOperator<SignalFrame> frames = Ingest.frames(received).uid("ingest");
 * DataStream<DeadLetter> refused = frames.getSideOutput(Ingest.DEAD_LETTERS);
 * }</pre>
 */
public final class Ingest extends ProcessFunction<Received, SignalFrame> {

    public static final OutputTag<DeadLetter> DEAD_LETTERS = new OutputTag<>("dead-letters") {};

    public static final OutputTag<Annotation> ANNOTATIONS = new OutputTag<>("annotations") {};

    public static final OutputTag<ControlCommand> COMMANDS = new OutputTag<>("commands") {};

    private transient Counter deadLetters;

    private Ingest() {}

    /** The frames of {@code received}; the caller gives the operator its uid. */
    public static SingleOutputStreamOperator<SignalFrame> frames(DataStream<Received> received) {
        return received.process(new Ingest()).name("Ingest");
    }

    @Override
    public void open(OpenContext context) {
        deadLetters = getRuntimeContext().getMetricGroup().counter("deadLetters");
    }

    @Override
    public void processElement(Received received, Context context, Collector<SignalFrame> out) {
        if (received.frame() != null) {
            out.collect(received.frame());
        } else if (received.annotation() != null) {
            context.output(ANNOTATIONS, received.annotation());
        } else if (received.command() != null) {
            context.output(COMMANDS, received.command());
        } else {
            deadLetters.inc();
            context.output(DEAD_LETTERS, received.deadLetter());
        }
    }
}
