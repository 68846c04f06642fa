/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import io.thalamus.connectors.Received;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.operators.signal.corruption.Corrupt;
import io.thalamus.operators.signal.spatial.WithoutTrigger;
import io.thalamus.operators.stream.LearnedWeights;
import io.thalamus.operators.stream.TransformFunction;
import io.thalamus.schemas.AdaptationEvent;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.ForecastError;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.TokenFrame;
import io.thalamus.schemas.WireRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Builds the Flink job of a pipeline:
 *
 * <pre>
 *             +-------+--------+--------------------+---------+-- annotations
 *             |       |        |                    +---------+-- scoring - errors
 *             |       |        |                    |         |
 * source - ingest - order - align - transform-* - window - model - data-units - sink
 *             |       |        |         |                    |
 *             +-------+--------+---------+--------------------+---- dead-letters
 * </pre>
 *
 * <p>Of a model that gives scores, the step {@code detection} stands between {@code model} and
 * {@code sink}, if the pipeline has one, and gives anomalies to {@code events}. Forecasts alone go
 * through {@code data-units}. A model that gives codes beside its results gives them to {@code
 * codes}. Where a tokenizer beside the model does, the steps {@code codes-signal}, {@code
 * codes-transform-*}, {@code codes-window} and {@code codes-model} begin where the first transform
 * does that goes by the model's bundle.
 *
 * <p>Where a trigger starts windows, the step {@code window} has the uid {@code trigger}, as its
 * state is another.
 *
 * <p>Where streams learn, {@code model} gives what happens to that to {@code adaptation-events}.
 *
 * <p>Where they take commands, these come from {@code control} through {@code control-ingest} and
 * {@code control-check}, and are a second input of {@code model}, broadcast.
 *
 * <p>Where a topic does not number its samples, a step {@code count} does so before {@code order}.
 *
 * <p>Where readings are put on a grid, that is what the step {@code order} does; its uid is then
 * {@code grid}, as its state is another.
 *
 * <p>The step {@code align} is there where streams are joined. It alone is keyed by the group of
 * streams, so that there is another shuffle before it; behind it, the group is the stream.
 *
 * <p>Without a model, the frames of the last transform go to the sink.
 *
 * <p>If the model gives a signal, its windows become a stream of frames again: {@code imputation}
 * puts what it has filled into the frames that the windows were cut from, as they were before they
 * were standardised; the windows of any other such model are joined by {@code join}.
 *
 * <p>Every step has a uid of its own, {@code transform-<id>} for the transforms, so that steps can
 * come and go between a savepoint and its restore without touching the state of the others. After a
 * {@code keyBy} the steps stay partitioned by stream and are chained.
 */
public final class PipelineBuilder {
    /** How often results appear where no settings say it: they do at each checkpoint. */
    public static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);

    /**
     * Into how many parts keyed state can be divided at most; a savepoint can only be restored with
     * the number that it was taken with.
     */
    private static final int MAX_PARALLELISM = 128;

    /** The streams of a pipeline, which nothing is done with yet. */
    public record Streams(
            DataStream<SignalFrame> prepared,
            DataStream<? extends WireRecord> results,
            List<DataStream<AnomalyEvent>> events,
            DataStream<Annotation> remarks,
            DataStream<DeadLetter> deadLetters) {}

    private PipelineBuilder() {}

    /** Adds the pipeline to the environment, with the source and the sinks that it names. */
    public static void build(StreamExecutionEnvironment environment, PipelineSpec spec) {
        build(environment, spec, Sources.received(environment, spec.source()));
    }

    /**
     * Adds the pipeline to the environment, with the sinks that it names, but reading what comes
     * from elsewhere.
     *
     * @param received takes the place of the source
     */
    public static void build(
            StreamExecutionEnvironment environment,
            PipelineSpec spec,
            DataStream<Received> received) {
        configure(environment);
        SideStreams side = SideStreams.none();
        SignalSteps.Prepared prepared = new SignalSteps(spec, side).prepared(received);
        if (spec.model().isPresent()) {
            writeResults(prepared, spec.model().get().signature().result(), spec, side);
            spec.tokenizer()
                    .ifPresent(
                            tokenizer ->
                                    new TokenizerSteps(spec, side)
                                            .add(prepared.unfitted(), tokenizer));
        } else {
            Sinks.write(prepared.frames(), spec.sink(), SignalFrame.class, "sink", spec.name());
        }
        spec.annotations()
                .ifPresent(
                        sink ->
                                Sinks.writeAnnotations(
                                        SideStreams.union(side.annotations()), sink));
        spec.detection()
                .ifPresent(
                        wanted ->
                                Sinks.write(
                                        SideStreams.union(side.events()),
                                        wanted.events(),
                                        AnomalyEvent.class,
                                        "events",
                                        "events"));
        spec.lessons()
                .ifPresent(
                        sink ->
                                Sinks.write(
                                        SideStreams.union(side.lessons()),
                                        sink,
                                        AdaptationEvent.class,
                                        "adaptation-events",
                                        "adaptation-events"));
        spec.errors()
                .ifPresent(
                        wanted ->
                                Sinks.write(
                                        SideStreams.union(side.errors()),
                                        wanted.sink(),
                                        ForecastError.class,
                                        "errors",
                                        "errors"));
        spec.codes()
                .ifPresent(
                        wanted ->
                                Sinks.write(
                                        SideStreams.union(side.codes()),
                                        wanted.sink(),
                                        TokenFrame.class,
                                        "codes",
                                        "codes"));
        Sinks.writeDeadLetters(SideStreams.union(side.deadLetters()), spec);
    }

    private static <R extends WireRecord> void writeResults(
            SignalSteps.Prepared prepared, Class<R> type, PipelineSpec spec, SideStreams side) {
        Sinks.write(
                new ModelSteps(spec, side).results(prepared, type),
                spec.sink(),
                type,
                "sink",
                spec.name());
    }

    /**
     * Adds the pipeline without its sinks to the environment, for a look at what it makes of its
     * source.
     *
     * @param changed what the model is given in place of what it would be
     * @return the frames of the last transform, the results (without a model these frames again,
     *     but for a trigger for which there are no windows), what the recordings themselves remark,
     *     and what could not be used
     */
    public static Streams observe(
            StreamExecutionEnvironment environment,
            PipelineSpec spec,
            MapFunction<SignalFrame, SignalFrame> changed) {
        return observe(environment, spec, Sources.received(environment, spec.source()), changed);
    }

    /**
     * The same, but reading what comes from elsewhere.
     *
     * @param received takes the place of the source
     */
    public static Streams observe(
            StreamExecutionEnvironment environment,
            PipelineSpec spec,
            DataStream<Received> received,
            MapFunction<SignalFrame, SignalFrame> changed) {
        SideStreams side = SideStreams.none();
        return observe(environment, spec, received, new SignalSteps(spec, side), changed, side);
    }

    /**
     * The same, with every stream followed as it is and once for each corruption, under the names
     * of {@link io.thalamus.jobs.evaluation.CorruptedStream}.
     *
     * @param corruptions no two of the same kind and severity
     */
    public static Streams observe(
            StreamExecutionEnvironment environment, PipelineSpec spec, List<Corrupt> corruptions) {
        SideStreams side = SideStreams.none();
        SignalSteps steps =
                new SignalSteps(spec, side, Optional.of(new CorruptedCopies(corruptions)));
        DataStream<Received> received = Sources.received(environment, spec.source());
        return observe(environment, spec, received, steps, frame -> frame, side);
    }

    /**
     * Adds, to an environment that is restored from a savepoint or checkpoint of a pipeline, what
     * tells what its streams have learned: the stream's id, and its fast weights as {@link
     * io.thalamus.operators.adaptation.FastWeightsFormat} writes them.
     */
    public static DataStream<Tuple2<String, byte[]>> learned(
            StreamExecutionEnvironment environment) {
        configure(environment);
        return environment
                .fromData(List.of(""), Types.STRING)
                .uid("nothing")
                .keyBy(nothing -> nothing, Types.STRING)
                .transform(
                        ModelSteps.MODEL,
                        Types.TUPLE(Types.STRING, Types.PRIMITIVE_ARRAY(Types.BYTE)),
                        new LearnedWeights())
                .uid(ModelSteps.MODEL);
    }

    private static Streams observe(
            StreamExecutionEnvironment environment,
            PipelineSpec spec,
            DataStream<Received> received,
            SignalSteps steps,
            MapFunction<SignalFrame, SignalFrame> changed,
            SideStreams side) {
        configure(environment);
        SignalSteps.Prepared prepared = steps.prepared(received);
        DataStream<SignalFrame> frames = changed(prepared.frames(), changed, "changed");
        DataStream<? extends WireRecord> results = frames;
        if (spec.model().isPresent()) {
            results =
                    new ModelSteps(spec, side)
                            .results(
                                    new SignalSteps.Prepared(
                                            frames,
                                            changed(
                                                    prepared.unscaled(),
                                                    changed,
                                                    "changed-unscaled"),
                                            prepared.unfitted()),
                                    spec.model().get().signature().result());
        } else if (spec.trigger().isPresent() && spec.window().isEmpty()) {
            // Nothing is to be cut by it, as where signals are prepared for a training.
            results =
                    side.step(
                            "signal",
                            SideStreams.keyed(frames),
                            new TransformFunction(
                                    "signal", new WithoutTrigger(spec.trigger().get())));
        }
        return new Streams(
                prepared.frames(),
                results,
                side.events(),
                side.annotations().get(0),
                SideStreams.union(side.deadLetters()));
    }

    private static DataStream<SignalFrame> changed(
            DataStream<SignalFrame> frames,
            MapFunction<SignalFrame, SignalFrame> changed,
            String step) {
        return frames.map(changed).returns(SignalFrame.class).name(step).uid(step);
    }

    /** The settings of every job. */
    static void configure(StreamExecutionEnvironment environment) {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        // Every record is immutable and no step keeps the wrapper that Flink uses again.
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
        environment.configure(configuration);
    }
}
