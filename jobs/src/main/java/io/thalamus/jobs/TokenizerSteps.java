/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.jobs.spec.PipelineSpec.ModelSpec;
import io.thalamus.jobs.spec.PipelineSpec.TokenizerSpec;
import io.thalamus.jobs.spec.TransformSpec;
import io.thalamus.operators.signal.Padding;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.spatial.WithoutTrigger;
import io.thalamus.operators.stream.ModelHandle;
import io.thalamus.operators.stream.SideOutputs;
import io.thalamus.operators.stream.SlicingFunction;
import io.thalamus.operators.stream.TransformFunction;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.TokenFrame;
import io.thalamus.schemas.WireRecord;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The steps of a tokenizer beside the model. It takes the streams as the model does, but
 * standardised with its own figures, and each sample once, whatever windows the model has: its
 * codes are those of a pipeline of its own.
 */
final class TokenizerSteps {
    private static final String STEP = "codes-";

    private final PipelineSpec spec;
    private final SideStreams side;

    TokenizerSteps(PipelineSpec spec, SideStreams side) {
        this.spec = spec;
        this.side = side;
    }

    /**
     * Adds the steps, and keeps what comes out of the last of them.
     *
     * @param unfitted the frames before the first transform that the tokenizer has of its own
     */
    void add(DataStream<SignalFrame> unfitted, TokenizerSpec tokenizer) {
        DataStream<SignalFrame> frames = unfitted;
        if (spec.trigger().isPresent()) {
            frames = transformed(frames, "signal", new WithoutTrigger(spec.trigger().get()));
        }
        for (TransformSpec transform : tokenizer.fitted()) {
            frames = transformed(frames, "transform-" + transform.id(), transform.transform());
        }
        Span length = Span.ofSamples(tokenizer.signature().windowLength());
        Slicing window = new Slicing(length, length, Padding.DROP);
        String step = STEP + "window";
        addModel(
                side.step(step, SideStreams.keyed(frames), new SlicingFunction(step, window)),
                tokenizer,
                window,
                tokenizer.signature().result());
    }

    private DataStream<SignalFrame> transformed(
            DataStream<SignalFrame> frames, String name, SignalTransform transform) {
        String step = STEP + name;
        return side.step(step, SideStreams.keyed(frames), new TransformFunction(step, transform));
    }

    private <R extends WireRecord> void addModel(
            DataStream<SignalFrame> windows,
            TokenizerSpec tokenizer,
            Slicing window,
            Class<R> type) {
        ModelSpec model = spec.model().orElseThrow();
        ModelHandle handle = new ModelHandle(tokenizer.bundle(), model.engine());
        SingleOutputStreamOperator<R> results =
                side.model(
                        windows,
                        ModelSteps.step(
                                STEP + ModelSteps.MODEL, handle, type, window, model.batch()));
        side.codes().add(codes(results, type));
    }

    /** Its results, or what it gives beside them. */
    @SuppressWarnings("unchecked")
    private static <R extends WireRecord> DataStream<TokenFrame> codes(
            SingleOutputStreamOperator<R> results, Class<R> type) {
        return type == TokenFrame.class
                ? (DataStream<TokenFrame>) results
                : results.getSideOutput(SideOutputs.CODES);
    }
}
