/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.AdaptationEvent;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.TokenFrame;
import io.thalamus.schemas.WireFormat;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The side outputs of this package's operators. */
public final class SideOutputs {
    /** Samples that came after the stream had gone on without them. */
    public static final OutputTag<DeadLetter> LATE_FRAMES = new OutputTag<>("late-frames") {};

    /** Frames and windows that a step cannot use. */
    public static final OutputTag<DeadLetter> DEAD_LETTERS = new OutputTag<>("dead-letters") {};

    /**
     * What was found wrong with a stream, and where: figures of single streams, of the steps that
     * put them in order and join them, of windows that have no result, and what models remark.
     */
    public static final OutputTag<Annotation> ANNOTATIONS = new OutputTag<>("annotations") {};

    /** Stretches whose scores are too high, as they start and as they have ended. */
    public static final OutputTag<AnomalyEvent> ANOMALY_EVENTS =
            new OutputTag<>("anomaly-events") {};

    /** The codes of windows, of a model that gives them beside its results. */
    public static final OutputTag<TokenFrame> CODES = new OutputTag<>("codes") {};

    /** What has happened to what streams have learned. */
    public static final OutputTag<AdaptationEvent> ADAPTATION_EVENTS =
            new OutputTag<>("adaptation-events") {};

    private static final Logger LOG = LoggerFactory.getLogger(SideOutputs.class);

    private SideOutputs() {}

    /**
     * A frame as a dead letter: its origin is the stream, its position the sequence number.
     *
     * @param step the id of the step that refuses it
     */
    static DeadLetter deadLetter(SignalFrame frame, String step, String error, String reason) {
        LOG.debug(
                "{}: {} of stream {} from sample {}: {}",
                step,
                error,
                frame.streamId(),
                frame.sequence(),
                reason);
        return new DeadLetter(
                frame.streamId(),
                0,
                frame.sequence(),
                frame.startNanos(),
                step,
                error,
                reason,
                WireFormat.encode(frame));
    }
}
