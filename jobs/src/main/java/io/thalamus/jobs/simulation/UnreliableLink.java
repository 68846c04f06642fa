/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What happens to the frames of a stream on their way: {@code faultsOfEachKind} of each {@link
 * Kind}. The frames are divided into as many parts as there are faults; which part has which fault,
 * and which of its frames, is drawn. No two faults concern frames that follow on one another, nor
 * the first frame or the last.
 *
 * @param seed the same seed makes the same faults
 */
public record UnreliableLink(long seed, int faultsOfEachKind) {
    private static final int SHORTEST_PART = 4;
    private static final long JUMP = Duration.ofHours(1).toNanos();

    /** What can happen to a frame. */
    public enum Kind {
        /** It does not arrive. */
        LOST,
        /** It arrives again behind the next one. */
        REPEATED,
        /** It arrives behind the next one. */
        DELAYED,
        /** From it on, the sender's clock is an hour ahead; at the next such fault, as before. */
        CLOCK_SET
    }

    public UnreliableLink {
        if (faultsOfEachKind < 0) {
            throw new IllegalArgumentException(
                    "there are 0 or more faults of each kind, not " + faultsOfEachKind);
        }
    }

    /**
     * The frames as they arrive.
     *
     * @throws IllegalArgumentException if they are too few for the faults
     */
    public List<SignalFrame> carry(List<SignalFrame> sent) {
        Noise noise = new Noise(seed).branch(-2);
        List<Kind> kinds = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            kinds.addAll(Collections.nCopies(faultsOfEachKind, kind));
        }
        int part = kinds.isEmpty() ? sent.size() : sent.size() / kinds.size();
        if (part < SHORTEST_PART) {
            throw new IllegalArgumentException(
                    "%d faults do not fit in %d frames".formatted(kinds.size(), sent.size()));
        }
        Kind[] faults = new Kind[sent.size()];
        for (int start = 0; !kinds.isEmpty(); start += part) {
            faults[start + noise.between(1, part - 3)] =
                    kinds.remove(noise.between(0, kinds.size() - 1));
        }
        return arriving(sent, faults);
    }

    private static List<SignalFrame> arriving(List<SignalFrame> sent, Kind[] faults) {
        List<SignalFrame> arriving = new ArrayList<>();
        SignalFrame behindTheNext = null;
        long ahead = 0;
        for (int i = 0; i < faults.length; i++) {
            SignalFrame frame = sent.get(i);
            if (faults[i] == Kind.CLOCK_SET) {
                ahead = JUMP - ahead;
            }
            frame = later(frame, ahead);
            if (faults[i] != Kind.LOST && faults[i] != Kind.DELAYED) {
                arriving.add(frame);
            }
            if (behindTheNext != null) {
                arriving.add(behindTheNext);
                behindTheNext = null;
            }
            if (faults[i] == Kind.DELAYED || faults[i] == Kind.REPEATED) {
                behindTheNext = frame;
            }
        }
        return arriving;
    }

    private static SignalFrame later(SignalFrame frame, long nanos) {
        return new SignalFrame(
                frame.streamId(),
                frame.sequence(),
                frame.segment(),
                frame.startNanos() + nanos,
                frame.rate(),
                frame.channels(),
                frame.samples(),
                frame.quality());
    }
}
