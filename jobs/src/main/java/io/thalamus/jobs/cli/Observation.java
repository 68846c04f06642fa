/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.operators.signal.amplitude.Standardise;
import io.thalamus.operators.signal.corruption.Corrupt;
import io.thalamus.operators.stream.ForecastAccuracy;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * What a pipeline made of its source in one run that wrote nothing.
 *
 * @param came the signal that the model was given, or would have been, in the data's units; none if
 *     it was not kept
 * @param results of the model, in the data's units if they are signals or forecasts, or the last
 *     transform's frames without a model; none if they were not kept
 * @param events anomalies that were found, if the pipeline looks for them
 * @param remarks what the recordings themselves remark
 * @param accuracy of forecasts, if some could be compared
 * @param metrics what was counted
 */
record Observation(
        List<SignalFrame> came,
        List<? extends WireRecord> results,
        List<AnomalyEvent> events,
        List<Annotation> remarks,
        Optional<ForecastAccuracy> accuracy,
        RunMetrics metrics) {

    /** What is held in memory, if it is asked for. */
    enum Kept {
        CAME,
        RESULTS
    }

    /**
     * Runs a pipeline to the end of its source.
     *
     * @param changed what the model is given in place of what it would be
     * @param kept what is asked for
     * @param progress told several times a second how far it is
     */
    static Observation of(
            PipelineSpec spec,
            MapFunction<SignalFrame, SignalFrame> changed,
            Set<Kept> kept,
            Consumer<RunMetrics> progress)
            throws Exception {
        return run(
                spec,
                environment -> PipelineBuilder.observe(environment, spec, changed),
                kept,
                progress);
    }

    /** The same, and says on the console how far it is. */
    static Observation of(
            PipelineSpec spec,
            MapFunction<SignalFrame, SignalFrame> changed,
            Set<Kept> kept,
            Console console)
            throws Exception {
        return run(
                spec,
                environment -> PipelineBuilder.observe(environment, spec, changed),
                kept,
                console);
    }

    /**
     * Runs a pipeline over every stream as it is and once for each corruption; the results alone
     * are kept.
     *
     * @param corruptions no two of the same kind and severity
     * @param console which is told how far it is
     */
    static Observation corrupted(PipelineSpec spec, List<Corrupt> corruptions, Console console)
            throws Exception {
        return run(
                spec,
                environment -> PipelineBuilder.observe(environment, spec, corruptions),
                Set.of(Kept.RESULTS),
                console);
    }

    private static Observation run(
            PipelineSpec spec,
            Function<StreamExecutionEnvironment, PipelineBuilder.Streams> built,
            Set<Kept> kept,
            Console console)
            throws Exception {
        Progress<RunMetrics> progress = new Progress<>(console, RunSummary.progress(spec));
        try {
            return run(spec, built, kept, progress);
        } finally {
            progress.end();
        }
    }

    private static Observation run(
            PipelineSpec spec,
            Function<StreamExecutionEnvironment, PipelineBuilder.Streams> built,
            Set<Kept> kept,
            Consumer<RunMetrics> progress)
            throws Exception {
        try (EmbeddedJob job = new EmbeddedJob(1, Map.of())) {
            PipelineBuilder.Streams streams = built.apply(job.environment());
            Supplier<List<SignalFrame>> came =
                    collected(kept.contains(Kept.CAME), streams.prepared(), "came");
            Supplier<? extends List<? extends WireRecord>> results =
                    collected(kept.contains(Kept.RESULTS), streams.results(), "sink");
            List<CollectingSink<AnomalyEvent>> events =
                    streams.events().stream()
                            .map(found -> CollectingSink.behind(found, "events"))
                            .toList();
            CollectingSink<Annotation> remarks =
                    CollectingSink.behind(streams.remarks(), "annotations");
            collected(false, streams.deadLetters(), "dead-letters");
            JobExecutionResult result = job.execute(spec.name(), progress);
            return new Observation(
                    came.get().stream().map(frame -> restored(frame, spec)).toList(),
                    results.get(),
                    events.stream().flatMap(found -> found.take().stream()).toList(),
                    remarks.take(),
                    PipelineRun.accuracy(result),
                    job.metrics());
        }
    }

    /** What comes of records, once the job has ended; nothing if they are not kept. */
    private static <T> Supplier<List<T>> collected(
            boolean kept, DataStream<T> records, String step) {
        if (kept) {
            return CollectingSink.behind(records, step)::take;
        }
        records.sinkTo(new DiscardingSink<>()).name(step).uid(step);
        return List::of;
    }

    private static SignalFrame restored(SignalFrame frame, PipelineSpec spec) {
        SignalFrame restored = frame;
        for (Standardise scaling : spec.scalings()) {
            restored = scaling.restore(restored);
        }
        return restored;
    }

    /** The results as what they are. */
    <R extends WireRecord> List<R> results(Class<R> type) {
        return results.stream().map(type::cast).toList();
    }
}
