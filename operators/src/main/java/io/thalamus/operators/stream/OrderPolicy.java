/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.amplitude.GapFill;
import io.thalamus.operators.signal.amplitude.SampleChecks;
import io.thalamus.schemas.InvalidInputException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Locale;

/**
 * What is done about disorder in a stream, and what counts as disorder.
 *
 * @param reorder how many samples a frame may come late by; 0 if frames come in order
 * @param gap what happens where samples are lost, the stream's shape changes, or its source counts
 *     its samples anew
 * @param fill how lost samples are filled in, and how many at most; there exactly if {@code gap} is
 *     {@link Gap#FILL}, else null
 * @param jump what happens where the clock jumps
 * @param tolerance how far a frame's time may stray from where it is expected; but half a sample
 *     always may
 * @param drift what happens if the sample clock strays from its rate
 * @param checks what is looked for in the samples
 */
public record OrderPolicy(
        long reorder,
        Gap gap,
        GapFill fill,
        Jump jump,
        Duration tolerance,
        Drift drift,
        SampleChecks checks)
        implements Serializable {

    /** Jitter of time stamps stays below a second. */
    public static final Duration TOLERANCE = Duration.ofSeconds(1);

    /** Frames in order, new segments at breaks, and nothing looked for but missing values. */
    public static final OrderPolicy DEFAULT =
            new OrderPolicy(
                    0,
                    Gap.SPLIT,
                    null,
                    Jump.SPLIT,
                    TOLERANCE,
                    new Drift(Drift.REPORT_PPM, false),
                    SampleChecks.FINITE);

    /** What happens where samples are lost. */
    public enum Gap {
        /** The next segment begins. */
        SPLIT,
        /** They are filled in; where there are too many, the next segment begins. */
        FILL,
        /** The job fails. */
        FAIL
    }

    /** What happens where the time stamps jump against the numbers of the samples. */
    public enum Jump {
        /** The next segment begins, at the new time. */
        SPLIT,
        /** The segment goes on by its own clock. */
        KEEP,
        /** Forward, samples that no number tells of are lost. Backward, the next segment begins. */
        GAP,
        /** The job fails. */
        FAIL
    }

    /**
     * What happens if a sample clock strays from its nominal rate.
     *
     * @param reportPpm by how many parts per million it may do so unsaid
     * @param correct whether the stream is resampled to its nominal rate
     */
    public record Drift(double reportPpm, boolean correct) implements Serializable {
        /** What the quartz of a sound card or amplifier stays within. */
        public static final double REPORT_PPM = 100;

        private static final double LEAST_PPM = 20;

        public Drift {
            if (!(reportPpm >= LEAST_PPM)) {
                throw new InvalidInputException(
                        String.format(
                                Locale.ROOT,
                                "drift: report is %s; give at least %.0f parts per million, which"
                                        + " jitter does not reach",
                                reportPpm,
                                LEAST_PPM));
            }
        }
    }

    public OrderPolicy {
        if (reorder < 0) {
            throw new InvalidInputException(
                    "order: reorder is %d; give a number of samples, or 0".formatted(reorder));
        }
        if ((gap == Gap.FILL) != (fill != null)) {
            throw new InvalidInputException(
                    gap == Gap.FILL
                            ? "order: gap is fill; say how with fill"
                            : "order: fill is given, but gap is not fill");
        }
        if (tolerance.isNegative()) {
            throw new InvalidInputException(
                    "order: tolerance is %s; give a time of 0 or more".formatted(tolerance));
        }
    }

    public OrderPolicy withReorder(long samples) {
        return new OrderPolicy(samples, gap, fill, jump, tolerance, drift, checks);
    }

    public OrderPolicy withGap(Gap other) {
        return new OrderPolicy(reorder, other, null, jump, tolerance, drift, checks);
    }

    public OrderPolicy withFill(GapFill how) {
        return new OrderPolicy(reorder, Gap.FILL, how, jump, tolerance, drift, checks);
    }

    public OrderPolicy withJump(Jump other, Duration beyond) {
        return new OrderPolicy(reorder, gap, fill, other, beyond, drift, checks);
    }

    public OrderPolicy withDrift(Drift other) {
        return new OrderPolicy(reorder, gap, fill, jump, tolerance, other, checks);
    }

    public OrderPolicy withChecks(SampleChecks other) {
        return new OrderPolicy(reorder, gap, fill, jump, tolerance, drift, other);
    }

    /**
     * What happens at a break.
     *
     * @throws InvalidInputException if the job is to fail
     */
    Remedy remedyOf(StreamBreak found) {
        if (found.is(StreamBreak.Kind.CLOCK_JUMP) && jump == Jump.FAIL) {
            throw failure(found, "jump");
        }
        if (gap == Gap.FAIL && !found.isOnly(StreamBreak.Kind.CLOCK_JUMP)) {
            throw failure(found, "gap");
        }
        boolean goesOn =
                !found.is(StreamBreak.Kind.NEW_SHAPE)
                        && !found.is(StreamBreak.Kind.RESTART)
                        && (jump == Jump.KEEP || !found.is(StreamBreak.Kind.CLOCK_JUMP));
        if (!goesOn || !fills(found)) {
            return Remedy.SPLIT;
        }
        if (!found.is(StreamBreak.Kind.LOSS)) {
            return Remedy.KEEP;
        }
        return fill.isForModel() ? Remedy.LEAVE : Remedy.FILL;
    }

    private boolean fills(StreamBreak found) {
        return found.lostSamples() == 0
                || gap == Gap.FILL
                        && found.lostSamples() <= fill.limit().samplesWithin(found.next().rate());
    }

    private static InvalidInputException failure(StreamBreak found, String key) {
        return new InvalidInputException(
                String.format(
                        Locale.ROOT,
                        "stream %s is broken at sample %d: %s; set order.%s to split to begin a"
                                + " new segment there",
                        found.next().streamId(),
                        found.next().sequence(),
                        found.reason(),
                        key));
    }

    /** What happens at a break. */
    enum Remedy {
        /** The next segment begins. */
        SPLIT(""),
        /** The lost samples are filled in, and the segment goes on. */
        FILL("; filled in"),
        /** The lost samples are missing ones, which a model may fill, and the segment goes on. */
        LEAVE("; left for the model to fill"),
        /** The segment goes on. */
        KEEP("; the segment goes on by its own clock");

        private final String words;

        Remedy(String words) {
            this.words = words;
        }

        /** What an annotation adds. */
        String words() {
            return words;
        }
    }
}
