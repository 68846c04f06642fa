/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import io.thalamus.operators.stream.CheckedCommand;
import io.thalamus.operators.stream.ControlledModelOperatorFactory;
import io.thalamus.operators.stream.ModelOperatorFactory;
import io.thalamus.operators.stream.ModelStep;
import io.thalamus.operators.stream.SideOutputs;
import io.thalamus.operators.stream.StepOperator;
import io.thalamus.schemas.AdaptationEvent;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.ForecastError;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.TokenFrame;
import io.thalamus.schemas.WireRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;

/**
 * What the steps of a pipeline give beside its frames and results, as they are added.
 *
 * @param deadLetters what could not be used
 * @param annotations remarks on the streams; those of the recordings themselves come first
 * @param events anomalies
 * @param errors of forecasts
 * @param codes of windows, beside other results
 * @param lessons what has happened to what streams have learned
 */
record SideStreams(
        List<DataStream<DeadLetter>> deadLetters,
        List<DataStream<Annotation>> annotations,
        List<DataStream<AnomalyEvent>> events,
        List<DataStream<ForecastError>> errors,
        List<DataStream<TokenFrame>> codes,
        List<DataStream<AdaptationEvent>> lessons) {

    /** None yet. */
    static SideStreams none() {
        return new SideStreams(
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
    }

    /** All of one sort, of which there is one at least. */
    static <T> DataStream<T> union(List<DataStream<T>> streams) {
        return streams.stream().reduce((some, more) -> some.union(more)).orElseThrow();
    }

    /** Adds a step from frames to frames, and keeps what it cannot use. */
    SingleOutputStreamOperator<SignalFrame> step(
            String id,
            KeyedStream<SignalFrame, String> frames,
            KeyedProcessFunction<String, SignalFrame, SignalFrame> function) {
        SingleOutputStreamOperator<SignalFrame> step =
                frames.transform(
                                id,
                                TypeInformation.of(SignalFrame.class),
                                new StepOperator<>(function))
                        .uid(id);
        deadLetters.add(step.getSideOutput(SideOutputs.DEAD_LETTERS));
        return step;
    }

    /** Adds a step that runs a model, and keeps what it cannot use and its remarks. */
    <R extends WireRecord> SingleOutputStreamOperator<R> model(
            DataStream<SignalFrame> windows, ModelStep<R> step) {
        return remarked(
                keyed(windows)
                        .transform(
                                step.id(),
                                TypeInformation.of(step.result()),
                                new ModelOperatorFactory<>(step)),
                step);
    }

    /**
     * The same with commands to what its streams learn.
     *
     * @param commands broadcast
     */
    <R extends WireRecord> SingleOutputStreamOperator<R> model(
            DataStream<SignalFrame> windows,
            DataStream<CheckedCommand> commands,
            ModelStep<R> step) {
        return remarked(
                keyed(windows)
                        .connect(commands)
                        .transform(
                                step.id(),
                                TypeInformation.of(step.result()),
                                new ControlledModelOperatorFactory<>(step)),
                step);
    }

    private <R extends WireRecord> SingleOutputStreamOperator<R> remarked(
            SingleOutputStreamOperator<R> results, ModelStep<R> step) {
        deadLetters.add(results.getSideOutput(SideOutputs.DEAD_LETTERS));
        annotations.add(results.getSideOutput(SideOutputs.ANNOTATIONS));
        return results.uid(step.id());
    }

    /** The frames of a step are still on the task that its stream's key belongs to. */
    static KeyedStream<SignalFrame, String> keyed(DataStream<SignalFrame> frames) {
        if (frames instanceof KeyedStream<?, ?>) {
            // Sent to where their keys belong already, as these had changed.
            return keyedAlready(frames);
        }
        return DataStreamUtils.reinterpretAsKeyedStream(
                frames, SignalFrame::streamId, Types.STRING);
    }

    @SuppressWarnings("unchecked")
    private static KeyedStream<SignalFrame, String> keyedAlready(DataStream<SignalFrame> frames) {
        return (KeyedStream<SignalFrame, String>) frames;
    }
}
