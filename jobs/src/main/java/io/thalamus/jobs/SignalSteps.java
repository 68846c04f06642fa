/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import io.thalamus.connectors.Ingest;
import io.thalamus.connectors.Received;
import io.thalamus.connectors.kafka.SampleCounter;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.jobs.spec.SourceSpec.KafkaSource;
import io.thalamus.jobs.spec.TransformSpec;
import io.thalamus.operators.signal.BesideTrigger;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.alignment.Alignment;
import io.thalamus.operators.signal.amplitude.Standardise;
import io.thalamus.operators.stream.AlignFunction;
import io.thalamus.operators.stream.GridFunction;
import io.thalamus.operators.stream.OrderPolicy;
import io.thalamus.operators.stream.SegmentFunction;
import io.thalamus.operators.stream.SideOutputs;
import io.thalamus.operators.stream.TransformFunction;
import io.thalamus.schemas.SignalFrame;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** The steps from {@code ingest} to the last {@code transform}. */
final class SignalSteps {
    private final PipelineSpec spec;
    private final SideStreams side;
    private final Optional<CorruptedCopies> copies;

    SignalSteps(PipelineSpec spec, SideStreams side) {
        this(spec, side, Optional.empty());
    }

    /**
     * @param copies what the transforms are given in place of the streams
     */
    SignalSteps(PipelineSpec spec, SideStreams side, Optional<CorruptedCopies> copies) {
        this.spec = spec;
        this.side = side;
        this.copies = copies;
    }

    /**
     * The frames of the streams.
     *
     * @param frames as the last transform leaves them
     * @param unscaled the same before they were standardised at last
     * @param unfitted the same before the first transform that goes by the model's bundle, if a
     *     tokenizer beside the model wants them
     */
    record Prepared(
            DataStream<SignalFrame> frames,
            DataStream<SignalFrame> unscaled,
            DataStream<SignalFrame> unfitted) {}

    /** Adds the steps. */
    Prepared prepared(DataStream<Received> received) {
        SingleOutputStreamOperator<SignalFrame> frames = Sources.ingested(received);
        side.deadLetters().add(frames.getSideOutput(Ingest.DEAD_LETTERS));
        side.annotations().add(frames.getSideOutput(Ingest.ANNOTATIONS));

        DataStream<SignalFrame> prepared =
                ordered(numbered(frames.keyBy(SignalFrame::streamId, Types.STRING)));
        if (spec.align().isPresent()) {
            prepared = aligned(prepared, spec.align().get());
        }
        if (copies.isPresent()) {
            prepared = copies.get().of(prepared, side);
        }
        DataStream<SignalFrame> unscaled = prepared;
        DataStream<SignalFrame> unfitted = prepared;
        int fitted = spec.transforms().size() - fitted();
        for (int i = 0; i < spec.transforms().size(); i++) {
            TransformSpec transform = spec.transforms().get(i);
            String id = "transform-" + transform.id();
            prepared =
                    side.step(
                            id,
                            SideStreams.keyed(prepared),
                            new TransformFunction(id, besideTrigger(transform.transform())));
            if (!(transform.transform() instanceof Standardise)) {
                unscaled = prepared;
            }
            if (i < fitted) {
                unfitted = prepared;
            }
        }
        return new Prepared(prepared, unscaled, unfitted);
    }

    /** How many of the last transforms a tokenizer beside the model has of its own. */
    private int fitted() {
        return spec.tokenizer().map(tokenizer -> tokenizer.fitted().size()).orElse(0);
    }

    private SignalTransform besideTrigger(SignalTransform transform) {
        return spec.trigger()
                .<SignalTransform>map(trigger -> new BesideTrigger(transform, trigger))
                .orElse(transform);
    }

    /** Raw topics do not number their samples. */
    private KeyedStream<SignalFrame, String> numbered(KeyedStream<SignalFrame, String> frames) {
        return spec.source() instanceof KafkaSource kafka && !kafka.format().isNumbered()
                ? SideStreams.keyed(side.step("count", frames, new SampleCounter()))
                : frames;
    }

    private SingleOutputStreamOperator<SignalFrame> ordered(
            KeyedStream<SignalFrame, String> frames) {
        OrderPolicy policy = spec.order();
        return withFaults(
                spec.grid()
                        .map(
                                grid ->
                                        side.step(
                                                        "order",
                                                        frames,
                                                        new GridFunction(
                                                                "order",
                                                                (int) policy.reorder(),
                                                                grid))
                                                .uid("grid"))
                        .orElseGet(
                                () ->
                                        side.step(
                                                "order",
                                                frames,
                                                new SegmentFunction("order", policy))));
    }

    private SingleOutputStreamOperator<SignalFrame> aligned(
            DataStream<SignalFrame> members, Alignment alignment) {
        return withFaults(
                side.step(
                        "align",
                        members.keyBy(frame -> alignment.groupOf(frame.streamId()), Types.STRING),
                        new AlignFunction("align", alignment)));
    }

    /** Keeps what a step tells of the streams that come to it. */
    private SingleOutputStreamOperator<SignalFrame> withFaults(
            SingleOutputStreamOperator<SignalFrame> step) {
        side.deadLetters().add(step.getSideOutput(SideOutputs.LATE_FRAMES));
        side.annotations().add(step.getSideOutput(SideOutputs.ANNOTATIONS));
        return step;
    }
}
