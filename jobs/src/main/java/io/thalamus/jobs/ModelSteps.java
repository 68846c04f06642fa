/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import io.thalamus.connectors.Ingest;
import io.thalamus.connectors.kafka.CommandSource;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.jobs.spec.PipelineSpec.BatchSpec;
import io.thalamus.jobs.spec.PipelineSpec.ErrorsSpec;
import io.thalamus.jobs.spec.PipelineSpec.ModelSpec;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.amplitude.Standardise;
import io.thalamus.operators.signal.detection.Detection;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.stream.CheckedCommand;
import io.thalamus.operators.stream.CommandCheck;
import io.thalamus.operators.stream.DetectionFunction;
import io.thalamus.operators.stream.ForecastScoring;
import io.thalamus.operators.stream.ImputationStep;
import io.thalamus.operators.stream.ModelHandle;
import io.thalamus.operators.stream.ModelStep;
import io.thalamus.operators.stream.OverlapAddFunction;
import io.thalamus.operators.stream.SideOutputs;
import io.thalamus.operators.stream.SlicingFunction;
import io.thalamus.operators.stream.StepOperator;
import io.thalamus.operators.stream.TriggerFunction;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.ForecastError;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** The steps from {@code window} to {@code data-units}, {@code join} or {@code imputation}. */
final class ModelSteps {
    /** The step that holds what streams have learned. */
    static final String MODEL = "model";

    private static final String CONTROL_CHECK = "control-check";

    /** For how long no command comes where all have been read that there were at the start. */
    private static final Duration QUIET = Duration.ofSeconds(5);

    private final PipelineSpec spec;
    private final SideStreams side;

    ModelSteps(PipelineSpec spec, SideStreams side) {
        this.spec = spec;
        this.side = side;
    }

    /**
     * Adds the steps, and gives what comes out of the last of them.
     *
     * @param type what the model gives
     */
    <R extends WireRecord> DataStream<R> results(SignalSteps.Prepared prepared, Class<R> type) {
        ModelSpec model = spec.model().orElseThrow();
        Slicing window = spec.window().orElseThrow();
        SingleOutputStreamOperator<SignalFrame> windows = windows(prepared.frames(), window);
        SingleOutputStreamOperator<R> results = modelled(windows, type, model, window);
        if (spec.tokenizer().isEmpty()) {
            side.codes().add(results.getSideOutput(SideOutputs.CODES));
        }
        side.lessons().add(results.getSideOutput(SideOutputs.ADAPTATION_EVENTS));
        DataStream<? extends WireRecord> finished = results;
        if (type == Forecast.class) {
            finished = forecasts(prepared, cast(results), window, model.signature());
        } else if (type == SignalFrame.class) {
            finished = signal(prepared, cast(results), window, model.signature());
        } else if (spec.detection().isPresent()) {
            finished = detected(cast(results), spec.detection().get().detection());
        }
        return cast(finished);
    }

    private SingleOutputStreamOperator<SignalFrame> windows(
            DataStream<SignalFrame> frames, Slicing window) {
        if (spec.trigger().isEmpty()) {
            return side.step(
                    "window", SideStreams.keyed(frames), new SlicingFunction("window", window));
        }
        SingleOutputStreamOperator<SignalFrame> windows =
                side.step(
                                "window",
                                SideStreams.keyed(frames),
                                new TriggerFunction(
                                        "window", spec.trigger().get(), window.length()))
                        .uid("trigger");
        side.annotations().add(windows.getSideOutput(SideOutputs.ANNOTATIONS));
        return windows;
    }

    private <R extends WireRecord> SingleOutputStreamOperator<R> modelled(
            DataStream<SignalFrame> windows, Class<R> type, ModelSpec model, Slicing window) {
        ModelHandle handle =
                new ModelHandle(
                        model.bundle(), model.engine(), model.adaptation(), model.initial());
        ModelStep<R> step = step(MODEL, handle, type, window, model.batch());
        if (spec.control().isEmpty()) {
            return side.model(windows, step);
        }
        SingleOutputStreamOperator<SignalFrame> control =
                Ingest.frames(
                                Sources.commands(
                                        windows.getExecutionEnvironment(),
                                        spec.control().get(),
                                        spec.source().ends()))
                        .name("control-ingest")
                        .uid("control-ingest")
                        .setParallelism(1);
        side.deadLetters().add(control.getSideOutput(Ingest.DEAD_LETTERS));
        SingleOutputStreamOperator<CheckedCommand> commands =
                control.getSideOutput(Ingest.COMMANDS)
                        // In front of the check: what that refuses has been read too.
                        .assignTimestampsAndWatermarks(CommandSource.watermarks(QUIET))
                        .setParallelism(1)
                        .name("control-quiet")
                        .uid("control-quiet")
                        .transform(
                                CONTROL_CHECK,
                                TypeInformation.of(CheckedCommand.class),
                                new CommandCheck(
                                        CONTROL_CHECK, handle, spec.control().get().folder()))
                        .setParallelism(1)
                        .uid(CONTROL_CHECK);
        side.deadLetters().add(commands.getSideOutput(SideOutputs.DEAD_LETTERS));
        return side.model(windows, commands.broadcast(), step);
    }

    /** What a step runs a model on, with calls as large as the pipeline says. */
    static <R extends WireRecord> ModelStep<R> step(
            String id, ModelHandle handle, Class<R> type, Slicing window, BatchSpec batch) {
        return new ModelStep<>(
                id, handle, type, window, batch.size(), Duration.ofMillis(batch.delayMillis()));
    }

    @SuppressWarnings("unchecked")
    private static <T extends WireRecord> DataStream<T> cast(
            DataStream<? extends WireRecord> records) {
        return (DataStream<T>) records;
    }

    /** Makes anomalies of the scores, of which each sample keeps one. */
    private DataStream<AnomalyScore> detected(
            DataStream<AnomalyScore> scores, Detection detection) {
        SingleOutputStreamOperator<AnomalyScore> once =
                DataStreamUtils.reinterpretAsKeyedStream(
                                scores, AnomalyScore::streamId, Types.STRING)
                        .transform(
                                "detection",
                                TypeInformation.of(AnomalyScore.class),
                                new StepOperator<>(new DetectionFunction(detection)))
                        .uid("detection");
        side.events().add(once.getSideOutput(SideOutputs.ANOMALY_EVENTS));
        return once;
    }

    /** A stream of frames from the model's windows. */
    private DataStream<SignalFrame> signal(
            SignalSteps.Prepared prepared,
            DataStream<SignalFrame> windows,
            Slicing window,
            ModelSignature signature) {
        DataStream<SignalFrame> restored =
                inTheDatasUnits(windows, SignalFrame.class, Standardise::restore);
        if (signature.isContinuous()) {
            return restored;
        }
        if (!signature.fillsMissing()) {
            // A voice is a stream of its own, whose key may belong to another task.
            return side.step(
                    "join",
                    restored.keyBy(SignalFrame::streamId, Types.STRING),
                    new OverlapAddFunction("join", window, StandardTaper.HANN));
        }
        return SideStreams.keyed(prepared.unscaled())
                .connect(SideStreams.keyed(restored))
                .transform(
                        "imputation",
                        TypeInformation.of(SignalFrame.class),
                        new ImputationStep(window, signature, StandardTaper.HANN))
                .uid("imputation");
    }

    /** Compares the forecasts with what came, and undoes the scaling that the model wanted. */
    private DataStream<Forecast> forecasts(
            SignalSteps.Prepared prepared,
            DataStream<Forecast> forecasts,
            Slicing window,
            ModelSignature signature) {
        if (spec.source().ends() || spec.errors().isPresent()) {
            score(prepared.frames(), forecasts, window, signature);
        }
        return inTheDatasUnits(forecasts, Forecast.class, Standardise::restore);
    }

    /** What one step of scaling undoes. */
    @FunctionalInterface
    private interface Restoration<R> extends Serializable {
        R restored(Standardise scaling, R record);
    }

    private <R extends WireRecord> DataStream<R> inTheDatasUnits(
            DataStream<R> results, Class<R> type, Restoration<R> restoration) {
        List<Standardise> scalings = spec.scalings();
        return scalings.isEmpty()
                ? results
                : results.map(
                                result -> {
                                    R restored = result;
                                    for (Standardise scaling : scalings) {
                                        restored = restoration.restored(scaling, restored);
                                    }
                                    return restored;
                                })
                        .returns(TypeInformation.of(type))
                        .name("data-units")
                        .uid("data-units");
    }

    private void score(
            DataStream<SignalFrame> prepared,
            DataStream<Forecast> forecasts,
            Slicing window,
            ModelSignature signature) {
        int over = spec.errors().map(ErrorsSpec::over).orElse(ErrorsSpec.OVER);
        side.errors()
                .add(
                        SideStreams.keyed(prepared)
                                .connect(
                                        DataStreamUtils.reinterpretAsKeyedStream(
                                                forecasts, Forecast::streamId, Types.STRING))
                                .transform(
                                        "scoring",
                                        TypeInformation.of(ForecastError.class),
                                        new ForecastScoring(
                                                window,
                                                signature,
                                                spec.deviation(signature.channels()),
                                                over))
                                .uid("scoring"));
    }
}
