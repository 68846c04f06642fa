/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.util.TreeMap;
import org.apache.flink.util.function.FunctionWithException;

/**
 * Reads a recording again and again. A lap gives what the first one gave, later by the laps before
 * it: gaps, annotations and what cannot be used come again. A recording without samples has no
 * length, and is read once.
 */
final class LoopedReader implements RecordingReader {
    private final FunctionWithException<byte[], RecordingReader, IOException> opening;
    private final long laps;
    private final long startNanos;
    private RecordingReader reader;
    private long lap;
    private LapLength length;
    private final TreeMap<String, Long> firstSequences;

    /**
     * @param opening opens the recording at a position of one lap
     */
    LoopedReader(
            FunctionWithException<byte[], RecordingReader, IOException> opening,
            long laps,
            LapPosition position)
            throws IOException {
        this.opening = opening;
        this.laps = laps;
        this.lap = position.lap();
        this.length = position.length();
        this.firstSequences = new TreeMap<>(position.firstSequences());
        this.reader = opening.apply(position.inLap());
        this.startNanos = reader.startNanos();
    }

    @Override
    public long startNanos() {
        return startNanos;
    }

    @Override
    public Received next() throws IOException {
        Received next = reader.next();
        if (next == null && length.samples() > 0 && lap + 1 < laps) {
            if (!reader.rewind()) {
                reader.close();
                reader = opening.apply(new byte[0]);
            }
            lap++;
            next = reader.next();
        }
        if (next == null) {
            return null;
        }
        if (lap > 0) {
            return later(next);
        }
        SignalFrame frame = next.frame();
        if (frame != null) {
            firstSequences.putIfAbsent(frame.streamId(), frame.sequence());
            length = length.with(frame, firstSequences.get(frame.streamId()), startNanos);
        }
        return next;
    }

    private Received later(Received received) {
        try {
            if (received.frame() != null) {
                return Received.frame(later(received.frame()));
            }
            return received.annotation() == null
                    ? received
                    : Received.annotation(later(received.annotation()));
        } catch (ArithmeticException e) {
            throw new InvalidInputException(
                    "lap "
                            + (lap + 1)
                            + " of a looped recording lies beyond the year 2262, where times end:"
                            + " loop it less often, or play it at a lower speed",
                    e);
        }
    }

    private SignalFrame later(SignalFrame frame) {
        SampleRate rate = frame.rate();
        long sequence = Math.addExact(frame.sequence(), length.samplesBefore(lap, rate));
        // The time of that number, as if the recording had never ended.
        long nanos = rate.nanosOf(sequence) - rate.nanosOf(frame.sequence());
        Math.addExact(frame.endNanos(), nanos); // its end has to be a time too
        return new SignalFrame(
                frame.streamId(),
                sequence,
                frame.segment(),
                frame.startNanos() + nanos,
                rate,
                frame.channels(),
                frame.samples(),
                frame.quality());
    }

    private Annotation later(Annotation annotation) {
        return new Annotation(
                annotation.streamId(),
                Math.addExact(annotation.onsetNanos(), length.nanosBefore(lap)),
                annotation.durationNanos(),
                annotation.text());
    }

    @Override
    public byte[] position() {
        return new LapPosition(lap, length, firstSequences, reader.position()).encode();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
