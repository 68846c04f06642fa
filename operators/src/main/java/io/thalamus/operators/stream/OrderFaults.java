/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.amplitude.SampleChecks;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SignalFrame;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an order step finds wrong with the streams that come to it: counted, told of as annotations,
 * and, where samples cannot be used, set aside.
 */
final class OrderFaults {
    private static final Logger LOG = LoggerFactory.getLogger(OrderFaults.class);

    private final String step;
    private final Counter samples;
    private final Counter breaks;
    private final Map<StreamBreak.Kind, Counter> kinds = new EnumMap<>(StreamBreak.Kind.class);
    private final Counter lostSamples;
    private final Counter filledSamples;
    private final Counter driftReports;
    private final Histogram drift;
    private final Counter lateFrames;
    private final Counter duplicateSamples;
    private final Counter missingValues;
    private final Counter infiniteValues;
    private final Counter saturatedValues;
    private final Counter flatValues;
    private final Counter channelFailures;
    private final Counter deadLetters;

    /**
     * @param step the step's id, which dead letters name
     */
    OrderFaults(String step, MetricGroup metrics) {
        this.step = step;
        samples = metrics.counter(StreamMetrics.SAMPLES);
        breaks = metrics.counter(StreamMetrics.BREAKS);
        for (StreamBreak.Kind kind : StreamBreak.Kind.values()) {
            kinds.put(kind, metrics.counter(kind.metric()));
        }
        lostSamples = metrics.counter(StreamMetrics.LOST_SAMPLES);
        filledSamples = metrics.counter(StreamMetrics.FILLED_SAMPLES);
        driftReports = metrics.counter(StreamMetrics.DRIFT_REPORTS);
        drift = StreamMetrics.histogram(metrics, StreamMetrics.CLOCK_DRIFT_PPM);
        lateFrames = metrics.counter(StreamMetrics.LATE_FRAMES);
        duplicateSamples = metrics.counter(StreamMetrics.DUPLICATE_SAMPLES);
        missingValues = metrics.counter(StreamMetrics.MISSING_VALUES);
        infiniteValues = metrics.counter(StreamMetrics.INFINITE_VALUES);
        saturatedValues = metrics.counter(StreamMetrics.SATURATED_VALUES);
        flatValues = metrics.counter(StreamMetrics.FLAT_VALUES);
        channelFailures = metrics.counter(StreamMetrics.CHANNEL_FAILURES);
        deadLetters = metrics.counter(StreamMetrics.DEAD_LETTERS);
    }

    /** Counts what comes in. */
    void received(SignalFrame frame) {
        samples.inc(frame.length());
    }

    void duplicates(long count) {
        duplicateSamples.inc(count);
    }

    void filled(long count) {
        filledSamples.inc(count);
    }

    void found(SampleChecks.Finding finding) {
        missingValues.inc(finding.missing());
        infiniteValues.inc(finding.infinite());
        saturatedValues.inc(finding.saturated());
        flatValues.inc(finding.flat());
    }

    /**
     * Channels that have failed, or come back, or are cut off.
     *
     * @param clock of its segment
     * @param first the frame's first sample, counted from the segment's
     */
    void failures(
            List<SampleChecks.Remark> remarks,
            SegmentClock clock,
            long first,
            KeyedProcessFunction<String, SignalFrame, SignalFrame>.Context context) {
        for (SampleChecks.Remark remark : remarks) {
            if (remark.stage() == SampleChecks.Stage.GOES_ON) {
                channelFailures.inc();
            }
            context.output(
                    SideOutputs.ANNOTATIONS,
                    new Annotation(
                            context.getCurrentKey(),
                            clock.startNanos() + clock.rate().nanosOf(first + remark.first()),
                            clock.rate().nanosOf(remark.samples()),
                            remark.text()));
        }
    }

    /** A stream that does not go on as it should. */
    void broken(
            StreamBreak found,
            OrderPolicy.Remedy remedy,
            KeyedProcessFunction<String, SignalFrame, SignalFrame>.Context context) {
        if (remedy == OrderPolicy.Remedy.SPLIT) {
            breaks.inc();
        }
        found.kinds().forEach(kind -> kinds.get(kind).inc());
        lostSamples.inc(found.lostSamples());
        LOG.debug(
                "{}: stream {}: {}{}",
                step,
                context.getCurrentKey(),
                found.reason(),
                remedy.words());
        context.output(
                SideOutputs.ANNOTATIONS,
                new Annotation(
                        context.getCurrentKey(),
                        found.onsetNanos(),
                        found.durationNanos(),
                        found.reason() + remedy.words()));
    }

    /** What is known of a sample clock. */
    void drift(double ppm) {
        drift.update(Math.round(ppm));
    }

    /** A sample clock that strays by another measure than was told of. */
    void driftReport(
            double ppm,
            SignalFrame since,
            KeyedProcessFunction<String, SignalFrame, SignalFrame>.Context context) {
        driftReports.inc();
        context.output(
                SideOutputs.ANNOTATIONS,
                new Annotation(
                        context.getCurrentKey(),
                        since.startNanos(),
                        0,
                        String.format(
                                Locale.ROOT,
                                "its sample clock is %s by %.0f parts per million",
                                ppm > 0 ? "slow" : "fast",
                                Math.abs(ppm))));
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
