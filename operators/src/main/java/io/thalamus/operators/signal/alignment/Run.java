/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.alignment;

import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An unbroken stretch of a member: a segment, or what is left of one. Immutable.
 *
 * @param number how many runs the member had before
 * @param segment the segment that it is of
 * @param shape the shape of its frames
 * @param open whether it may go on
 * @param nextSequence the sequence number of the next sample
 * @param startNanos the time of its first sample, in nanoseconds since the epoch
 * @param samples the samples that points to come depend on, up to the last one seen
 * @param held for each channel, its last finite value before these; 0 if it had none. Not to be
 *     modified
 * @param position where the next point lies
 * @param points what is known at points of the common clock, and not joined yet, piece after piece
 * @param nextPoint the first point that is not known
 */
public record Run(
        int number,
        int segment,
        StreamShape shape,
        boolean open,
        long nextSequence,
        long startNanos,
        Points samples,
        float[] held,
        Position position,
        List<Points> points,
        long nextPoint) {

    /** A run that begins with a frame, of which nothing is taken yet. */
    static Run before(SignalFrame frame, int number, long firstPoint, Position position) {
        return new Run(
                number,
                frame.segment(),
                StreamShape.of(frame),
                true,
                frame.sequence(),
                frame.startNanos(),
                Points.none(0),
                new float[frame.channels().size()],
                position,
                List.of(),
                firstPoint);
    }

    /** Whether a frame follows on what has been seen. */
    boolean goesOnWith(SignalFrame frame) {
        return open
                && frame.sequence() == nextSequence
                && frame.isOf(segment, shape.rate(), shape.channels());
    }

    /** With the samples of a frame. */
    Run and(SignalFrame frame) {
        int channels = frame.channels().size();
        int length = frame.length();
        float[] values = new float[channels * length];
        for (int channel = 0; channel < channels; channel++) {
            for (int n = 0; n < length; n++) {
                values[n * channels + channel] = frame.sample(channel, n);
            }
        }
        int[] flags = new int[length];
        Arrays.fill(flags, frame.quality() & ~Quality.MISSING.bit());
        return new Run(
                number,
                segment,
                shape,
                true,
                frame.nextSequence(),
                startNanos,
                samples.and(values, flags),
                held,
                position,
                points,
                nextPoint);
    }

    /** The time of the sample to come. */
    long dueNanos() {
        return startNanos + shape.rate().nanosOf(samples.end());
    }

    /** The time of the last sample seen. */
    long lastNanos() {
        return startNanos + shape.rate().nanosOf(samples.end() - 1);
    }

    /** Whether it has nothing from a point on, and never will. */
    boolean isOver(long point) {
        return !open && nextPoint <= point;
    }

    /** The first point that is known, or will be. */
    long firstPoint() {
        return points.isEmpty() ? nextPoint : points.get(0).first();
    }

    /** The piece that a point is in, which is known. */
    Points pieceAt(long point) {
        int i = 0;
        while (points.get(i).end() <= point) {
            i++;
        }
        return points.get(i);
    }

    /**
     * With further points.
     *
     * @param nowSamples the samples that those after them depend on
     * @param nowHeld the last finite values before these
     * @param nowAt where the next point lies
     */
    Run and(Points more, Points nowSamples, float[] nowHeld, Position nowAt, boolean goesOn) {
        List<Points> all = points;
        if (more.end() > more.first()) {
            all = new ArrayList<>(points);
            all.add(more);
        }
        return with(all, more.end(), nowSamples, nowHeld, nowAt, goesOn);
    }

    /** Without the points before one. */
    Run from(long point) {
        if (point <= firstPoint()) {
            return this;
        }
        List<Points> left = new ArrayList<>();
        for (Points piece : points) {
            if (piece.end() > point) {
                left.add(piece.from(point));
            }
        }
        return with(left, nextPoint, samples, held, position, open);
    }

    private Run with(
            List<Points> which,
            long next,
            Points nowSamples,
            float[] nowHeld,
            Position nowAt,
            boolean goesOn) {
        return new Run(
                number,
                segment,
                shape,
                goesOn,
                nextSequence,
                startNanos,
                nowSamples,
                nowHeld,
                nowAt,
                List.copyOf(which),
                next);
    }
}
