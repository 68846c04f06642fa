/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.amplitude.FillMissing;
import io.thalamus.operators.signal.amplitude.Standardise;
import io.thalamus.operators.testing.LeakyMeanFactory;
import io.thalamus.operators.testing.LearnedGain;
import io.thalamus.operators.testing.NoEngine;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.ForecastError;
import io.thalamus.schemas.SignalFrame;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** All steps in one job: the same forecasts and the same scores, however the job is run. */
class StepsITCase {
    private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .setConfiguration(METRICS.addToConfiguration(new Configuration()))
                            .build());

    private static final int SAMPLES = 400;
    private static final int STREAMS = 4;
    private static final int WINDOW = 12;
    private static final int HOP = 3;
    private static final int HORIZON = 6;

    /** More than there are forecasts of all streams. */
    private static final int OVER = 1000;

    private static final Slicing SLICING = Slicing.ofSamples(WINDOW, HOP);
    private static final Queue<Forecast> RESULTS = new ConcurrentLinkedQueue<>();
    private static final AtomicBoolean FAIL = new AtomicBoolean();

    @TempDir Path folder;

    /** How the job is run; nothing of it may show in the results. */
    private record Run(int parallelism, int frame, int batch, boolean objectReuse, boolean fail) {}

    private record Outcome(List<Forecast> forecasts, ForecastAccuracy accuracy) {}

    @Test
    void resultsDoNotDependOnHowTheJobIsRun() throws Exception {
        Outcome expected = run(new Run(1, 24, 8, false, false));
        assertThat(expected.forecasts()).hasSizeGreaterThan(200);
        assertThat(expected.accuracy().windows()).isGreaterThan(150);
        for (Run run :
                List.of(
                        new Run(1, 24, 1, true, false),
                        new Run(2, 24, 64, false, false),
                        new Run(2, 1, 8, true, false),
                        new Run(1, 37, 8, true, false),
                        new Run(2, 24, 8, true, true))) {
            assertThat(run(run)).as("%s", run).isEqualTo(expected);
        }
    }

    private Outcome run(Run run) throws Exception {
        RESULTS.clear();
        FAIL.set(run.fail());
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, run.objectReuse());
        configuration.set(PipelineOptions.MAX_PARALLELISM, 16);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(20));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(run.parallelism());
        build(env, run);
        JobExecutionResult result = env.execute();
        if (run.fail()) {
            assertThat(FAIL).as("the job has failed on the way").isFalse();
        } else {
            checkMetrics(result);
        }
        if (run.parallelism() == 1) {
            checkErrors(result);
        }
        Map<String, ForecastTotals> totals =
                result.getAccumulatorResult(ForecastScoring.ACCUMULATOR);
        assertThat(totals).hasSize(STREAMS);
        List<Forecast> forecasts = new ArrayList<>(RESULTS);
        forecasts.sort(
                Comparator.comparing(Forecast::streamId).thenComparingLong(Forecast::sequence));
        // A restart may repeat results for a sink without transactions, but never change one.
        return new Outcome(
                forecasts.stream().distinct().toList(), ForecastAccuracy.of(totals).orElseThrow());
    }

    private void build(StreamExecutionEnvironment env, Run run) throws Exception {
        TypeInformation<SignalFrame> frameType = TypeInformation.of(SignalFrame.class);
        TypeInformation<Forecast> forecastType = TypeInformation.of(Forecast.class);
        DataGeneratorSource<SignalFrame> source =
                new DataGeneratorSource<>(
                        new Traffic(run.frame()),
                        traffic(run.frame()).size(),
                        run.fail()
                                ? RateLimiterStrategy.perCheckpoint(10)
                                : RateLimiterStrategy.noOp(),
                        frameType);
        SingleOutputStreamOperator<SignalFrame> arriving =
                env.fromSource(
                                source,
                                WatermarkStrategy.<SignalFrame>forMonotonousTimestamps()
                                        .withTimestampAssigner(
                                                (frame, previous) ->
                                                        frame.startNanos() / 1_000_000),
                                "source")
                        .setParallelism(1)
                        .uid("source")
                        .name("source")
                        .map(new FailOnce())
                        .returns(frameType)
                        .setParallelism(1)
                        .uid("fail")
                        .name("fail");
        SingleOutputStreamOperator<SignalFrame> ordered =
                arriving.keyBy(SignalFrame::streamId)
                        .transform(
                                "order",
                                frameType,
                                new StepOperator<>(
                                        new SegmentFunction("order", OrderPolicy.DEFAULT)))
                        .uid("order");
        SingleOutputStreamOperator<SignalFrame> filled =
                keyed(ordered)
                        .transform(
                                "fill",
                                frameType,
                                new StepOperator<>(
                                        new TransformFunction("fill", new FillMissing(2))))
                        .uid("fill");
        Standardise standardise = new Standardise(new double[] {0.5, -0.5}, new double[] {2, 3});
        SingleOutputStreamOperator<SignalFrame> scaled =
                keyed(filled)
                        .transform(
                                "scale",
                                frameType,
                                new StepOperator<>(new TransformFunction("scale", standardise)))
                        .uid("scale");
        SingleOutputStreamOperator<SignalFrame> windows =
                keyed(scaled)
                        .transform(
                                "window",
                                frameType,
                                new StepOperator<>(new SlicingFunction("window", SLICING)))
                        .uid("window");
        Path bundle =
                LeakyMeanFactory.writeBundle(folder.resolve("leaky"), 2, WINDOW, HORIZON, true);
        SingleOutputStreamOperator<Forecast> forecasts =
                keyed(windows)
                        .transform(
                                "model",
                                forecastType,
                                new ModelOperatorFactory<>(
                                        new ModelStep<>(
                                                "model",
                                                new ModelHandle(
                                                        bundle.toString(),
                                                        NoEngine.NAME,
                                                        LearnedGain.SETTINGS),
                                                Forecast.class,
                                                SLICING,
                                                run.batch(),
                                                Duration.ofMillis(5))))
                        .uid("model")
                        .name("model");
        scaled.keyBy(SignalFrame::streamId)
                .connect(forecasts.keyBy(Forecast::streamId))
                .transform(
                        "score",
                        TypeInformation.of(ForecastError.class),
                        new ForecastScoring(
                                SLICING,
                                new ModelSignature(
                                        "leaky",
                                        2,
                                        List.of(),
                                        WINDOW,
                                        HORIZON,
                                        false,
                                        true,
                                        Forecast.class),
                                new double[] {2, 3},
                                OVER))
                .uid("score")
                .name("score");
        forecasts
                .map(standardise::restore)
                .returns(forecastType)
                .uid("restore")
                .name("restore")
                .sinkTo(new ListSink())
                .uid("sink")
                .name("sink");
    }

    private static KeyedStream<SignalFrame, String> keyed(DataStream<SignalFrame> stream) {
        return DataStreamUtils.reinterpretAsKeyedStream(
                stream, SignalFrame::streamId, Types.STRING);
    }

    /** The streams take turns; 24 samples are lost in the middle, wherever frames are cut. */
    private static List<SignalFrame> traffic(int length) {
        List<SignalFrame> frames = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            TestStream stream = TestStream.of("s" + i).withMissing(0.02);
            frames.addAll(stream.frames(0, SAMPLES / 2, length));
            frames.addAll(stream.frames(SAMPLES / 2 + 24, SAMPLES, length));
        }
        frames.sort(Comparator.comparingLong(SignalFrame::sequence));
        return frames;
    }

    /** The frames of {@link #traffic} by their index. */
    private static final class Traffic implements GeneratorFunction<Long, SignalFrame> {
        private final int length;
        private transient List<SignalFrame> frames;

        Traffic(int length) {
            this.length = length;
        }

        @Override
        public void open(SourceReaderContext context) {
            frames = traffic(length);
        }

        @Override
        public SignalFrame map(Long index) {
            return frames.get(index.intValue());
        }
    }

    private static void checkMetrics(JobExecutionResult result) {
        assertThat(count(result, StreamMetrics.WINDOWS_INFERRED)).isEqualTo(RESULTS.size());
        assertThat(count(result, StreamMetrics.WINDOWS_SKIPPED)).isPositive();
        assertThat(count(result, StreamMetrics.REMARKS))
                .as("a mean starts with a segment, and behind windows that were skipped")
                .isBetween(
                        2L * STREAMS, 2L * STREAMS + count(result, StreamMetrics.WINDOWS_SKIPPED));
        assertThat(count(result, StreamMetrics.BREAKS)).isEqualTo(STREAMS);
        assertThat(count(result, StreamMetrics.LATE_FRAMES)).isZero();
        assertThat(count(result, StreamMetrics.PARTIAL_WINDOWS)).isPositive();
        assertThat(metrics(result, StreamMetrics.BATCH_SIZE))
                .isNotEmpty()
                .allSatisfy(
                        metric ->
                                assertThat(((Histogram) metric).getStatistics().getMax())
                                        .isLessThanOrEqualTo(STREAMS));
        assertThat(metrics(result, StreamMetrics.INFERENCE_LATENCY_MICROS)).isNotEmpty();
        assertThat(metrics(result, StreamMetrics.EVENT_TIME_LAG_MILLIS)).isNotEmpty();
    }

    /** One task has all streams, so its errors are those of the whole job. */
    private static void checkErrors(JobExecutionResult result) {
        Map<String, ForecastTotals> totals =
                result.getAccumulatorResult(ForecastScoring.ACCUMULATOR);
        ForecastAccuracy accuracy = ForecastAccuracy.of(totals).orElseThrow();
        assertThat(gauge(result, StreamMetrics.FORECAST_MSE))
                .isCloseTo(accuracy.mse(), within(1e-12));
        assertThat(gauge(result, StreamMetrics.FORECAST_MAE))
                .isCloseTo(accuracy.mae(), within(1e-12));
    }

    private static double gauge(JobExecutionResult result, String name) {
        List<Metric> found = metrics(result, name);
        assertThat(found).hasSize(1);
        return (Double) ((Gauge<?>) found.get(0)).getValue();
    }

    private static long count(JobExecutionResult result, String name) {
        return metrics(result, name).stream()
                .mapToLong(metric -> ((Counter) metric).getCount())
                .sum();
    }

    private static List<Metric> metrics(JobExecutionResult result, String name) {
        List<Metric> found = new ArrayList<>();
        METRICS.getMetricsByGroup()
                .forEach(
                        (group, metrics) -> {
                            String job = group.getAllVariables().get("<job_id>");
                            if (result.getJobID().toString().equals(job)
                                    && metrics.containsKey(name)) {
                                found.add(metrics.get(name));
                            }
                        });
        return found;
    }

    /** Fails once, at the first frame after a completed checkpoint, if it is told to. */
    private static final class FailOnce extends RichMapFunction<SignalFrame, SignalFrame>
            implements CheckpointListener {
        private boolean checkpointed;

        @Override
        public SignalFrame map(SignalFrame frame) {
            if (checkpointed && FAIL.compareAndSet(true, false)) {
                throw new IllegalStateException("failing on purpose");
            }
            return frame;
        }

        @Override
        public void notifyCheckpointComplete(long checkpoint) {
            // Not the first: there is to be something to restore.
            checkpointed = checkpoint > 3;
        }
    }

    /** Collects results on the heap. */
    private static final class ListSink implements Sink<Forecast> {
        @Override
        public SinkWriter<Forecast> createWriter(WriterInitContext context) {
            return new SinkWriter<>() {
                @Override
                public void write(Forecast forecast, Context write) {
                    assertThat(write.timestamp()).isEqualTo(forecast.startNanos() / 1_000_000);
                    RESULTS.add(forecast);
                }

                @Override
                public void flush(boolean endOfInput) {
                    // written at once
                }

                @Override
                public void close() {
                    // nothing is open
                }
            };
        }
    }
}
