/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import io.thalamus.connectors.Ingest;
import io.thalamus.connectors.Received;
import io.thalamus.connectors.file.RecordFiles;
import io.thalamus.connectors.kafka.FrameSource;
import io.thalamus.connectors.kafka.RecordSink;
import io.thalamus.connectors.kafka.SampleCounter;
import io.thalamus.connectors.kafka.TopicInput;
import io.thalamus.connectors.kafka.TopicOutput;
import io.thalamus.connectors.recording.RecordedSource;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.jobs.spec.PipelineSpec.ErrorsSpec;
import io.thalamus.jobs.spec.PipelineSpec.ModelSpec;
import io.thalamus.jobs.spec.SinkSpec;
import io.thalamus.jobs.spec.SinkSpec.FileSink;
import io.thalamus.jobs.spec.SinkSpec.KafkaSink;
import io.thalamus.jobs.spec.SourceSpec.KafkaSource;
import io.thalamus.jobs.spec.SourceSpec.Recorded;
import io.thalamus.jobs.spec.TransformSpec;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.alignment.Alignment;
import io.thalamus.operators.signal.amplitude.Standardise;
import io.thalamus.operators.signal.detection.Detection;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.stream.AlignFunction;
import io.thalamus.operators.stream.DetectionFunction;
import io.thalamus.operators.stream.ForecastScoring;
import io.thalamus.operators.stream.GridFunction;
import io.thalamus.operators.stream.ImputationStep;
import io.thalamus.operators.stream.ModelHandle;
import io.thalamus.operators.stream.ModelOperatorFactory;
import io.thalamus.operators.stream.OrderPolicy;
import io.thalamus.operators.stream.OverlapAddFunction;
import io.thalamus.operators.stream.SegmentFunction;
import io.thalamus.operators.stream.SideOutputs;
import io.thalamus.operators.stream.SlicingFunction;
import io.thalamus.operators.stream.StepOperator;
import io.thalamus.operators.stream.TransformFunction;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.ForecastError;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Builds the Flink job of a pipeline:
 *
 * <pre>
 *             +-------+--------+--- annotations   +----------+-- scoring - errors
 *             |       |        |                   |          |
 * source - ingest - order - align - transform-* - window - model - data-units - sink
 *             |       |        |         |                    |
 *             +-------+--------+---------+--------------------+---- dead-letters
 * </pre>
 *
 * <p>Of a model that gives scores, the step {@code detection} stands between {@code model} and
 * {@code sink}, if the pipeline has one, and gives anomalies to {@code events}. Forecasts alone go
 * through {@code data-units}.
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

    /** How long a result file stays open at most; it appears at the next checkpoint. */
    private static final Duration ROLL = Duration.ofMinutes(1);

    /**
     * How far watermarks lie behind the frames of a topic, and after which time they do without a
     * silent partition. Watermarks decide when something happens, never what comes out.
     */
    private static final Duration OUT_OF_ORDERNESS = Duration.ofSeconds(5);

    private static final Duration IDLENESS = Duration.ofMinutes(1);

    private final StreamExecutionEnvironment environment;
    private final PipelineSpec spec;
    private final List<DataStream<DeadLetter>> deadLetters = new ArrayList<>();
    private final List<DataStream<Annotation>> annotations = new ArrayList<>();
    private final List<DataStream<ForecastError>> errors = new ArrayList<>();
    private final List<DataStream<AnomalyEvent>> events = new ArrayList<>();

    /** The streams of a pipeline with a model, which nothing is done with yet. */
    public record Streams(
            DataStream<SignalFrame> prepared,
            DataStream<? extends WireRecord> results,
            List<DataStream<AnomalyEvent>> events,
            DataStream<Annotation> remarks,
            DataStream<DeadLetter> deadLetters) {}

    private PipelineBuilder(StreamExecutionEnvironment environment, PipelineSpec spec) {
        this.environment = environment;
        this.spec = spec;
    }

    /** Adds the pipeline to the environment, with the source and the sinks that it names. */
    public static void build(StreamExecutionEnvironment environment, PipelineSpec spec) {
        PipelineBuilder builder = new PipelineBuilder(environment, spec);
        builder.build(builder.received());
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
        new PipelineBuilder(environment, spec).build(received);
    }

    /**
     * Adds the pipeline without its sinks to the environment, for a look at what it makes of its
     * source.
     *
     * @param changed what the model is given in place of what it would be
     * @return the frames of the last transform, the results, what the recordings themselves remark,
     *     and what could not be used
     */
    public static Streams observe(
            StreamExecutionEnvironment environment,
            PipelineSpec spec,
            MapFunction<SignalFrame, SignalFrame> changed) {
        PipelineBuilder builder = new PipelineBuilder(environment, spec);
        configure(environment);
        Prepared prepared = builder.prepared(builder.received());
        ModelSpec model = spec.model().orElseThrow();
        DataStream<? extends WireRecord> results =
                builder.results(
                        new Prepared(
                                changed(prepared.frames(), changed, "changed"),
                                changed(prepared.unscaled(), changed, "changed-unscaled")),
                        model,
                        model.signature().result());
        return new Streams(
                prepared.frames(),
                results,
                builder.events,
                builder.annotations.get(0),
                union(builder.deadLetters));
    }

    private static DataStream<SignalFrame> changed(
            DataStream<SignalFrame> frames,
            MapFunction<SignalFrame, SignalFrame> changed,
            String step) {
        return frames.map(changed).returns(SignalFrame.class).name(step).uid(step);
    }

    /**
     * Adds a job that writes what is in recordings as it is: neither put in order nor cut into
     * segments, which is what whoever reads the topics does. Input that cannot be used is counted
     * by {@link Ingest}.
     *
     * <p>A frame of more values than a source lets in is cut to shorter ones.
     *
     * @param annotations where annotations go; they are dropped if it is empty
     */
    public static void publish(
            StreamExecutionEnvironment environment,
            RecordedSource recordings,
            SinkSpec sink,
            Optional<SinkSpec> annotations) {
        configure(environment);
        SingleOutputStreamOperator<SignalFrame> frames =
                ingested(received(environment, recordings));
        write(
                frames.flatMap(PipelineBuilder::letIn)
                        .returns(SignalFrame.class)
                        .name("cut")
                        .uid("cut"),
                sink,
                SignalFrame.class,
                "sink",
                "frames");
        annotations.ifPresent(
                remarks -> writeAnnotations(frames.getSideOutput(Ingest.ANNOTATIONS), remarks));
    }

    /** Cuts a frame to pieces that sources let in, of which each has one sample at least. */
    private static void letIn(SignalFrame frame, Collector<SignalFrame> out) {
        int most = Math.max(1, Received.MAX_FRAME_VALUES / frame.channels().size());
        for (int from = 0; from < frame.length(); from += most) {
            out.collect(frame.slice(from, Math.min(frame.length(), from + most)));
        }
    }

    private void build(DataStream<Received> received) {
        configure(environment);
        Prepared prepared = prepared(received);
        spec.annotations().ifPresent(sink -> writeAnnotations(union(annotations), sink));
        if (spec.model().isPresent()) {
            ModelSpec model = spec.model().get();
            writeResults(prepared, model, model.signature().result());
        } else {
            write(prepared.frames(), spec.sink(), SignalFrame.class, "sink", spec.name());
        }
        spec.detection()
                .ifPresent(
                        wanted ->
                                write(
                                        union(events),
                                        wanted.events(),
                                        AnomalyEvent.class,
                                        "events",
                                        "events"));
        spec.errors()
                .ifPresent(
                        wanted ->
                                write(
                                        union(errors),
                                        wanted.sink(),
                                        ForecastError.class,
                                        "errors",
                                        "errors"));
        writeDeadLetters(union(deadLetters));
    }

    private void writeDeadLetters(DataStream<DeadLetter> letters) {
        String step = "dead-letters";
        if (spec.source() instanceof KafkaSource from
                && spec.deadLetters() instanceof KafkaSink to) {
            letters.sinkTo(RecordSink.ofDeadLetters(input(from), output(to))).name(step).uid(step);
        } else {
            write(letters, spec.deadLetters(), DeadLetter.class, step, step);
        }
    }

    /**
     * The frames of the streams.
     *
     * @param frames as the last transform leaves them
     * @param unscaled the same before they were standardised at last
     */
    private record Prepared(DataStream<SignalFrame> frames, DataStream<SignalFrame> unscaled) {}

    private static <T> DataStream<T> union(List<DataStream<T>> streams) {
        return streams.stream().reduce((some, more) -> some.union(more)).orElseThrow();
    }

    private <R extends WireRecord> void writeResults(
            Prepared prepared, ModelSpec model, Class<R> type) {
        write(results(prepared, model, type), spec.sink(), type, "sink", spec.name());
    }

    /**
     * @param prefix what the names of files start with
     */
    private static <T extends WireRecord> void write(
            DataStream<T> records, SinkSpec sink, Class<T> type, String step, String prefix) {
        records.sinkTo(PipelineBuilder.<T>sink(sink, type, prefix)).name(step).uid(step);
    }

    private static void configure(StreamExecutionEnvironment environment) {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        // Every record is immutable and no step keeps the wrapper that Flink uses again.
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
        environment.configure(configuration);
    }

    private DataStream<Received> received() {
        if (spec.source() instanceof Recorded recorded) {
            return received(environment, recorded.recordings());
        }
        if (spec.source() instanceof KafkaSource kafka) {
            return environment
                    .fromSource(
                            FrameSource.of(input(kafka)),
                            FrameSource.watermarks(OUT_OF_ORDERNESS, IDLENESS),
                            "source")
                    .uid("source");
        }
        throw new IllegalStateException("no source for " + spec.source());
    }

    private static TopicInput input(KafkaSource kafka) {
        return new TopicInput(
                kafka.bootstrap(),
                List.of(kafka.topic()),
                kafka.group(),
                kafka.format(),
                kafka.ends(),
                kafka.properties().values());
    }

    private static DataStream<Received> received(
            StreamExecutionEnvironment environment, RecordedSource recordings) {
        return environment
                .fromSource(recordings, WatermarkStrategy.forMonotonousTimestamps(), "source")
                .uid("source");
    }

    private static SingleOutputStreamOperator<SignalFrame> ingested(DataStream<Received> received) {
        return Ingest.frames(received).name("ingest").uid("ingest");
    }

    private static void writeAnnotations(DataStream<Annotation> annotations, SinkSpec sink) {
        write(annotations, sink, Annotation.class, "annotations", "annotations");
    }

    private Prepared prepared(DataStream<Received> received) {
        SingleOutputStreamOperator<SignalFrame> frames = ingested(received);
        deadLetters.add(frames.getSideOutput(Ingest.DEAD_LETTERS));
        annotations.add(frames.getSideOutput(Ingest.ANNOTATIONS));

        SingleOutputStreamOperator<SignalFrame> prepared =
                ordered(numbered(frames.keyBy(SignalFrame::streamId, Types.STRING)));
        if (spec.align().isPresent()) {
            prepared = aligned(prepared, spec.align().get());
        }
        DataStream<SignalFrame> unscaled = prepared;
        for (TransformSpec transform : spec.transforms()) {
            String id = "transform-" + transform.id();
            prepared = step(id, keyed(prepared), new TransformFunction(id, transform.transform()));
            if (!(transform.transform() instanceof Standardise)) {
                unscaled = prepared;
            }
        }
        return new Prepared(prepared, unscaled);
    }

    /** Raw topics do not number their samples. */
    private KeyedStream<SignalFrame, String> numbered(KeyedStream<SignalFrame, String> frames) {
        return spec.source() instanceof KafkaSource kafka && !kafka.format().isNumbered()
                ? keyed(step("count", frames, new SampleCounter()))
                : frames;
    }

    private SingleOutputStreamOperator<SignalFrame> ordered(
            KeyedStream<SignalFrame, String> frames) {
        OrderPolicy policy = spec.order();
        return withFaults(
                spec.grid()
                        .map(
                                grid ->
                                        step(
                                                        "order",
                                                        frames,
                                                        new GridFunction(
                                                                "order",
                                                                (int) policy.reorder(),
                                                                grid))
                                                .uid("grid"))
                        .orElseGet(
                                () -> step("order", frames, new SegmentFunction("order", policy))));
    }

    private SingleOutputStreamOperator<SignalFrame> aligned(
            DataStream<SignalFrame> members, Alignment alignment) {
        return withFaults(
                step(
                        "align",
                        members.keyBy(frame -> alignment.groupOf(frame.streamId()), Types.STRING),
                        new AlignFunction("align", alignment)));
    }

    /** Keeps what a step tells of the streams that come to it. */
    private SingleOutputStreamOperator<SignalFrame> withFaults(
            SingleOutputStreamOperator<SignalFrame> step) {
        deadLetters.add(step.getSideOutput(SideOutputs.LATE_FRAMES));
        annotations.add(step.getSideOutput(SideOutputs.ANNOTATIONS));
        return step;
    }

    private <R extends WireRecord> DataStream<R> results(
            Prepared prepared, ModelSpec model, Class<R> type) {
        Slicing window = spec.window().orElseThrow();
        SingleOutputStreamOperator<SignalFrame> windows =
                step("window", keyed(prepared.frames()), new SlicingFunction("window", window));
        SingleOutputStreamOperator<R> results =
                keyed(windows)
                        .transform(
                                "model",
                                TypeInformation.of(type),
                                new ModelOperatorFactory<>(
                                        "model",
                                        new ModelHandle(model.bundle(), model.engine()),
                                        type,
                                        Plasticity.FROZEN,
                                        model.batch().size(),
                                        Duration.ofMillis(model.batch().delayMillis())))
                        .uid("model");
        deadLetters.add(results.getSideOutput(SideOutputs.DEAD_LETTERS));
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
        events.add(once.getSideOutput(SideOutputs.ANOMALY_EVENTS));
        return once;
    }

    /** A stream of frames from the model's windows. */
    private DataStream<SignalFrame> signal(
            Prepared prepared,
            DataStream<SignalFrame> windows,
            Slicing window,
            ModelSignature signature) {
        DataStream<SignalFrame> restored =
                inTheDatasUnits(windows, SignalFrame.class, Standardise::restore);
        if (!signature.fillsMissing()) {
            return step(
                    "join",
                    keyed(restored),
                    new OverlapAddFunction("join", window, StandardTaper.HANN));
        }
        return keyed(prepared.unscaled())
                .connect(keyed(restored))
                .transform(
                        "imputation",
                        TypeInformation.of(SignalFrame.class),
                        new ImputationStep(window, signature, StandardTaper.HANN))
                .uid("imputation");
    }

    /** Compares the forecasts with what came, and undoes the scaling that the model wanted. */
    private DataStream<Forecast> forecasts(
            Prepared prepared,
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
        errors.add(
                keyed(prepared)
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

    private SingleOutputStreamOperator<SignalFrame> step(
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

    /** The frames of a step are still on the task that its stream's key belongs to. */
    private static KeyedStream<SignalFrame, String> keyed(DataStream<SignalFrame> frames) {
        return DataStreamUtils.reinterpretAsKeyedStream(
                frames, SignalFrame::streamId, Types.STRING);
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
