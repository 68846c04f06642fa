/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.testing.NoEngine;
import io.thalamus.schemas.AdaptationEvent;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.InstantiationUtil;

/** Runs a model operator in Flink's operator harness, as one of several subtasks. */
final class ModelHarness<R extends WireRecord> implements AutoCloseable {
    private static final int MAX_PARALLELISM = 16;

    private final KeyedOneInputStreamOperatorTestHarness<String, SignalFrame, R> harness;

    /** What is run, and how. */
    record Setup(
            Path bundle,
            Slicing slicing,
            AdaptationSettings adaptation,
            int batchSize,
            Duration batchDelay) {

        /** With windows of which none is short. */
        Setup(Path bundle, AdaptationSettings adaptation, int batchSize, Duration batchDelay) {
            this(bundle, Slicing.ofSamples(1, 1), adaptation, batchSize, batchDelay);
        }

        <R extends WireRecord> ModelOperatorFactory<R> factory(Class<R> result) throws Exception {
            return factory(result, new ModelHandle(bundle.toString(), NoEngine.NAME, adaptation));
        }

        <R extends WireRecord> ModelOperatorFactory<R> factory(Class<R> result, ModelHandle handle)
                throws Exception {
            // As the job graph ships it.
            return InstantiationUtil.clone(
                    new ModelOperatorFactory<>(
                            new ModelStep<>(
                                    "model", handle, result, slicing, batchSize, batchDelay)));
        }
    }

    private ModelHarness(
            Setup setup, Class<R> result, int parallelism, int subtask, OperatorSubtaskState state)
            throws Exception {
        this(setup.factory(result), parallelism, subtask, state);
    }

    private ModelHarness(
            ModelOperatorFactory<R> factory,
            int parallelism,
            int subtask,
            OperatorSubtaskState state)
            throws Exception {
        harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        factory,
                        SignalFrame::streamId,
                        Types.STRING,
                        MAX_PARALLELISM,
                        parallelism,
                        subtask);
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
    }

    /** Of a model that forecasts. */
    static ModelHarness<Forecast> of(Setup setup) throws Exception {
        return of(setup, Forecast.class);
    }

    /** Of a model that forecasts, on what another handle says. */
    static ModelHarness<Forecast> of(Setup setup, ModelHandle handle) throws Exception {
        return new ModelHarness<>(setup.factory(Forecast.class, handle), 1, 0, null);
    }

    static <R extends WireRecord> ModelHarness<R> of(Setup setup, Class<R> result)
            throws Exception {
        return new ModelHarness<>(setup, result, 1, 0, null);
    }

    /** Of a model that forecasts. */
    static ModelHarness<Forecast> restored(Setup setup, OperatorSubtaskState state)
            throws Exception {
        return restored(setup, Forecast.class, state);
    }

    static <R extends WireRecord> ModelHarness<R> restored(
            Setup setup, Class<R> result, OperatorSubtaskState state) throws Exception {
        return new ModelHarness<>(setup, result, 1, 0, state);
    }

    /** One of the subtasks that share what other subtasks have stored. */
    static ModelHarness<Forecast> rescaled(
            Setup setup, int from, int to, int subtask, OperatorSubtaskState... states)
            throws Exception {
        OperatorSubtaskState all = AbstractStreamOperatorTestHarness.repackageState(states);
        return new ModelHarness<>(
                setup,
                Forecast.class,
                to,
                subtask,
                AbstractStreamOperatorTestHarness.repartitionOperatorState(
                        all, MAX_PARALLELISM, from, to, subtask));
    }

    void send(List<SignalFrame> windows) throws Exception {
        for (SignalFrame window : windows) {
            harness.processElement(new StreamRecord<>(window));
        }
    }

    void send(SignalFrame... windows) throws Exception {
        send(List.of(windows));
    }

    void watermark(long millis) throws Exception {
        harness.processWatermark(new Watermark(millis));
    }

    void processingTime(long millis) throws Exception {
        harness.setProcessingTime(millis);
    }

    /** What a task does when a barrier comes. */
    OperatorSubtaskState checkpoint() throws Exception {
        harness.prepareSnapshotPreBarrier(1);
        return harness.snapshot(1, 1);
    }

    /** What a task does when the input has ended. */
    void end() throws Exception {
        harness.getOperator().finish();
    }

    /** Results and watermarks, in order. */
    List<Object> events() {
        return new ArrayList<>(harness.getOutput());
    }

    List<R> results() {
        return harness.extractOutputValues();
    }

    List<Long> timestamps() {
        return harness.getRecordOutput().stream().map(StreamRecord::getTimestamp).toList();
    }

    List<DeadLetter> deadLetters() {
        var letters = harness.getSideOutput(SideOutputs.DEAD_LETTERS);
        return letters == null ? List.of() : letters.stream().map(StreamRecord::getValue).toList();
    }

    List<Annotation> annotations() {
        var remarks = harness.getSideOutput(SideOutputs.ANNOTATIONS);
        return remarks == null ? List.of() : remarks.stream().map(StreamRecord::getValue).toList();
    }

    List<AdaptationEvent> adaptationEvents() {
        var events = harness.getSideOutput(SideOutputs.ADAPTATION_EVENTS);
        return events == null ? List.of() : events.stream().map(StreamRecord::getValue).toList();
    }

    int stateEntries() {
        return harness.numKeyedStateEntries();
    }

    @Override
    public void close() {
        try {
            harness.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
