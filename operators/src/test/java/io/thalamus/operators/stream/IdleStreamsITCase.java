/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.Padding;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stream falls silent, and its source says that it is idle until it ends. */
class IdleStreamsITCase {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static final long SILENT_SINCE_MILLIS = millis(TestStream.of("silent").frame(13, 1));
    private static final String EVENT_TIME = "event time has passed the silent stream";
    private static final TypeInformation<SignalFrame> FRAME = TypeInformation.of(SignalFrame.class);

    /** Completed by the test, awaited by the source of the silent stream. */
    private static CompletableFuture<Void> mayEnd;

    @Test
    @Timeout(120)
    @SuppressWarnings("try") // an interrupted close fails the test, as it should
    void holdsUpNobodyAndGivesItsLastWindowAtTheEnd() throws Exception {
        mayEnd = new CompletableFuture<>();
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(1);
        DataStream<SignalFrame> silent = source(env, "silent", 13, true);
        DataStream<SignalFrame> live = source(env, "live", 25, false);
        Slicing slicing = new Slicing(Span.ofSamples(10), Span.ofSamples(10), Padding.ZEROS);
        SingleOutputStreamOperator<SignalFrame> windows =
                silent.union(live)
                        .keyBy(SignalFrame::streamId, Types.STRING)
                        .transform(
                                "window",
                                FRAME,
                                new StepOperator<>(new SlicingFunction("window", slicing)));
        SingleOutputStreamOperator<String> seen =
                DataStreamUtils.reinterpretAsKeyedStream(
                                windows, SignalFrame::streamId, Types.STRING)
                        .process(new Watch(), Types.STRING);
        try (CloseableIterator<String> results = seen.executeAndCollect()) {
            List<String> before = new ArrayList<>();
            while (!before.contains(EVENT_TIME)) {
                before.add(results.next());
            }
            assertThat(before)
                    .containsExactlyInAnyOrder("silent 0", "live 0", "live 10", EVENT_TIME);
            mayEnd.complete(null);
            assertThat(results).toIterable().containsExactlyInAnyOrder("silent 10", "live 20");
        }
    }

    /**
     * All of a stream's samples but the last, and then the last: the silent stream's comes when the
     * test allows it.
     */
    private static DataStream<SignalFrame> source(
            StreamExecutionEnvironment env, String id, int samples, boolean idle) {
        GeneratorFunction<Long, SignalFrame> frames =
                index -> {
                    if (index == 0) {
                        return TestStream.of(id).frame(0, samples - 1);
                    }
                    if (idle) {
                        mayEnd.join();
                    }
                    return TestStream.of(id).frame(samples - 1, 1);
                };
        WatermarkStrategy<SignalFrame> watermarks =
                WatermarkStrategy.<SignalFrame>forGenerator(context -> new EachFrame(idle))
                        .withTimestampAssigner((frame, previous) -> millis(frame));
        return env.fromSource(new DataGeneratorSource<>(frames, 2, FRAME), watermarks, id);
    }

    private static long millis(SignalFrame frame) {
        return frame.startNanos() / 1_000_000;
    }

    /** After each frame either a watermark, or word that the source is idle. */
    private record EachFrame(boolean idle) implements WatermarkGenerator<SignalFrame> {
        @Override
        public void onEvent(SignalFrame frame, long timestamp, WatermarkOutput output) {
            if (idle) {
                output.markIdle();
            } else {
                output.emitWatermark(new Watermark(timestamp));
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {}
    }

    /** Says which windows come, and when event time has passed the silent stream. */
    private static final class Watch extends KeyedProcessFunction<String, SignalFrame, String> {
        @Override
        public void processElement(SignalFrame window, Context context, Collector<String> out) {
            if (window.streamId().equals("live")) {
                context.timerService().registerEventTimeTimer(SILENT_SINCE_MILLIS);
            }
            out.collect(window.streamId() + " " + window.sequence());
        }

        @Override
        public void onTimer(long timestamp, OnTimerContext context, Collector<String> out) {
            out.collect(EVENT_TIME);
        }
    }
}
