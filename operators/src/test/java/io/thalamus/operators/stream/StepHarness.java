/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;
import org.apache.flink.runtime.metrics.util.TestingMetricRegistry;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** Runs one function that is keyed by stream in Flink's operator harness, with its metrics. */
final class StepHarness implements AutoCloseable {
    private final Map<String, Metric> metrics = new HashMap<>();
    private final MockEnvironment environment;
    private final KeyedOneInputStreamOperatorTestHarness<String, SignalFrame, SignalFrame> harness;

    private StepHarness(
            KeyedProcessFunction<String, SignalFrame, SignalFrame> function,
            KeySelector<SignalFrame, String> key,
            OperatorSubtaskState restored)
            throws Exception {
        environment = MockEnvironment.builder().setMetricGroup(recording(metrics)).build();
        harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new StepOperator<>(function), key, Types.STRING, environment);
        if (restored != null) {
            harness.initializeState(restored);
        }
        harness.open();
    }

    static StepHarness of(KeyedProcessFunction<String, SignalFrame, SignalFrame> function)
            throws Exception {
        return new StepHarness(function, SignalFrame::streamId, null);
    }

    /** Runs a function that is keyed by something else. */
    static StepHarness keyedBy(
            KeySelector<SignalFrame, String> key,
            KeyedProcessFunction<String, SignalFrame, SignalFrame> function)
            throws Exception {
        return new StepHarness(function, key, null);
    }

    static StepHarness restored(
            KeyedProcessFunction<String, SignalFrame, SignalFrame> function,
            OperatorSubtaskState state)
            throws Exception {
        return new StepHarness(function, SignalFrame::streamId, state);
    }

    /**
     * Runs frames through a function, which is stored and restored before the frame of an index.
     */
    static List<SignalFrame> run(
            List<SignalFrame> frames,
            int restoreBefore,
            KeyedProcessFunction<String, SignalFrame, SignalFrame> first,
            KeyedProcessFunction<String, SignalFrame, SignalFrame> second)
            throws Exception {
        return run(frames, restoreBefore, SignalFrame::streamId, first, second);
    }

    /** The same for functions that are keyed by something else. */
    static List<SignalFrame> run(
            List<SignalFrame> frames,
            int restoreBefore,
            KeySelector<SignalFrame, String> key,
            KeyedProcessFunction<String, SignalFrame, SignalFrame> first,
            KeyedProcessFunction<String, SignalFrame, SignalFrame> second)
            throws Exception {
        int split = Math.min(restoreBefore, frames.size());
        List<SignalFrame> out = new ArrayList<>();
        OperatorSubtaskState state;
        try (StepHarness harness = keyedBy(key, first)) {
            harness.send(frames.subList(0, split));
            state = harness.snapshot();
            out.addAll(harness.output());
        }
        try (StepHarness harness = new StepHarness(second, key, state)) {
            harness.send(frames.subList(split, frames.size()));
            harness.end();
            out.addAll(harness.output());
        }
        return out;
    }

    void send(List<SignalFrame> frames) throws Exception {
        for (SignalFrame frame : frames) {
            harness.processElement(new StreamRecord<>(frame, frame.startNanos() / 1_000_000));
        }
    }

    void send(SignalFrame... frames) throws Exception {
        send(List.of(frames));
    }

    void watermark(long millis) throws Exception {
        harness.processWatermark(new Watermark(millis));
    }

    void end() throws Exception {
        harness.endInput();
    }

    OperatorSubtaskState snapshot() throws Exception {
        return harness.snapshot(1, 1);
    }

    List<SignalFrame> output() {
        return harness.extractOutputValues();
    }

    <T> List<T> side(OutputTag<T> tag) {
        var records = harness.getSideOutput(tag);
        return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
    }

    long counter(String name) {
        return ((Counter) metrics.get(name)).getCount();
    }

    Histogram histogram(String name) {
        return (Histogram) metrics.get(name);
    }

    @Override
    public void close() {
        try {
            harness.close();
            environment.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static TaskMetricGroup recording(Map<String, Metric> metrics) {
        TestingMetricRegistry registry =
                TestingMetricRegistry.builder()
                        .setRegisterConsumer((metric, name, group) -> metrics.put(name, metric))
                        .build();
        return TaskManagerMetricGroup.createTaskManagerMetricGroup(
                        registry, "localhost", ResourceID.generate())
                .addJob(new JobID(), "job")
                .addTask(ExecutionAttemptID.randomId(), "task");
    }
}
