/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.alignment.Aligner;
import io.thalamus.operators.signal.alignment.Alignment;
import io.thalamus.operators.signal.alignment.AlignmentOutput;
import io.thalamus.operators.signal.alignment.AlignmentState;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Joins the members of a group into one stream, as an {@link Aligner} does. Wants its frames keyed
 * by {@link Alignment#groupOf group}, and those of each member in order, as {@link SegmentFunction}
 * and {@link GridFunction} leave them; what it gives is keyed by stream.
 *
 * <p>Watermarks tell how long a partner may still come, which is bounded by the group's own event
 * time in any case; where they are right, they do not change what comes out.
 *
 * <ul>
 *   <li>A frame of a stream that is no member, or of a rate that cannot be read at the joined
 *       stream's, goes to {@link SideOutputs#DEAD_LETTERS}.
 *   <li>Samples that came after the joined stream had gone on without them go to {@link
 *       SideOutputs#LATE_FRAMES}.
 *   <li>An interruption of a member is told in {@link SideOutputs#ANNOTATIONS} of the joined stream
 *       once it is over, or the input ends.
 * </ul>
 *
 * <p>The state has no time to live: its keys are the groups, and what is kept of a group is
 * bounded.
 */
public final class AlignFunction extends KeyedProcessFunction<String, SignalFrame, SignalFrame> {
    private static final ValueStateDescriptor<AlignmentState> STATE =
            new ValueStateDescriptor<>("alignment", TypeInformation.of(AlignmentState.class));

    private final String step;
    private final Alignment alignment;

    private transient Aligner aligner;
    private transient ValueState<AlignmentState> state;
    private transient StepLatency latency;
    private transient Counter missingPartners;
    private transient Counter missingSamples;
    private transient Counter lateFrames;
    private transient Counter deadLetters;

    /**
     * @param step the step's id, which dead letters name
     */
    public AlignFunction(String step, Alignment alignment) {
        this.step = step;
        this.alignment = alignment;
    }

    @Override
    public void open(OpenContext context) {
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        aligner = new Aligner(alignment);
        state = getRuntimeContext().getState(STATE);
        latency = new StepLatency(metrics);
        missingPartners = metrics.counter(StreamMetrics.MISSING_PARTNERS);
        missingSamples = metrics.counter(StreamMetrics.MISSING_PARTNER_SAMPLES);
        lateFrames = metrics.counter(StreamMetrics.LATE_FRAMES);
        deadLetters = metrics.counter(StreamMetrics.DEAD_LETTERS);
    }

    @Override
    public void processElement(SignalFrame frame, Context context, Collector<SignalFrame> out)
            throws Exception {
        Optional<String> objection = aligner.objectionTo(frame);
        if (objection.isPresent()) {
            deadLetters.inc();
            context.output(
                    SideOutputs.DEAD_LETTERS,
                    SideOutputs.deadLetter(frame, step, "unfit frame", objection.get()));
            return;
        }
        AlignmentState now = state.value();
        if (now == null) {
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
            now = aligner.before(context.getCurrentKey());
        }
        long watermark = TimeUnit.MILLISECONDS.toNanos(context.timerService().currentWatermark());
        Given given = new Given(context);
        latency.begin();
        state.update(aligner.take(frame, watermark, now, given));
        latency.end();
        given.frames.forEach(out::collect);
    }

    /** The end of the input: no partner will come. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<SignalFrame> out)
            throws Exception {
        Given given = new Given(context);
        aligner.finish(state.value(), given);
        given.frames.forEach(out::collect);
        state.clear();
    }

    /** What is given for one frame: the joined frames are handed on later. */
    private final class Given implements AlignmentOutput {
        private final Context context;
        private final List<SignalFrame> frames = new ArrayList<>();

        Given(Context context) {
            this.context = context;
        }

        @Override
        public void joined(SignalFrame frame) {
            frames.add(frame);
        }

        @Override
        public void late(SignalFrame frame) {
            lateFrames.inc();
            context.output(
                    SideOutputs.LATE_FRAMES,
                    SideOutputs.deadLetter(
                            frame,
                            step,
                            "late frame",
                            "%d samples came after stream %s had gone on without them"
                                    .formatted(frame.length(), context.getCurrentKey())));
        }

        @Override
        public void missing(long points) {
            missingSamples.inc(points);
        }

        @Override
        public void interrupted(String reason, long onsetNanos, long resumedNanos) {
            long duration = Math.max(resumedNanos - onsetNanos, 0);
            if (duration > 0) {
                missingPartners.inc();
            }
            context.output(
                    SideOutputs.ANNOTATIONS,
                    new Annotation(context.getCurrentKey(), onsetNanos, duration, reason));
        }
    }
}
