/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SignalFrame;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;

/**
 * What an order step finds wrong with the streams that come to it: counted, told of as annotations,
 * and, where samples cannot be used, set aside.
 */
final class OrderFaults {
    private final String step;
    private final Counter samples;
    private final Counter gaps;
    private final Counter lostSamples;
    private final Counter clockJumps;
    private final Counter lateFrames;
    private final Counter duplicateSamples;
    private final Counter deadLetters;

    /**
     * @param step the step's id, which dead letters name
     */
    OrderFaults(String step, MetricGroup metrics) {
        this.step = step;
        samples = metrics.counter(StreamMetrics.SAMPLES);
        gaps = metrics.counter(StreamMetrics.GAPS);
        lostSamples = metrics.counter(StreamMetrics.LOST_SAMPLES);
        clockJumps = metrics.counter(StreamMetrics.CLOCK_JUMPS);
        lateFrames = metrics.counter(StreamMetrics.LATE_FRAMES);
        duplicateSamples = metrics.counter(StreamMetrics.DUPLICATE_SAMPLES);
        deadLetters = metrics.counter(StreamMetrics.DEAD_LETTERS);
    }

    /** Counts what comes in. */
    void received(SignalFrame frame) {
        samples.inc(frame.length());
    }

    void duplicates(long count) {
        duplicateSamples.inc(count);
    }

    /** A stream that goes on with its next segment. */
    void broken(
            StreamBreak found,
            KeyedProcessFunction<String, SignalFrame, SignalFrame>.Context context) {
        gaps.inc();
        lostSamples.inc(found.lostSamples());
        if (found.clockJumps()) {
            clockJumps.inc();
        }
        context.output(
                SideOutputs.ANNOTATIONS,
                new Annotation(
                        context.getCurrentKey(),
                        found.onsetNanos(),
                        found.durationNanos(),
                        found.reason()));
    }

    /** A frame whose figures cannot be. */
    void refuse(
            SignalFrame frame,
            String reason,
            KeyedProcessFunction<String, SignalFrame, SignalFrame>.Context context) {
        deadLetters.inc();
        context.output(
                SideOutputs.DEAD_LETTERS,
                SideOutputs.deadLetter(frame, step, "impossible frame", reason));
    }

    /** Samples that came after the stream had gone on without them. */
    void late(
            SignalFrame frame,
            String reason,
            KeyedProcessFunction<String, SignalFrame, SignalFrame>.Context context) {
        lateFrames.inc();
        context.output(
                SideOutputs.LATE_FRAMES, SideOutputs.deadLetter(frame, step, "late frame", reason));
    }
}
