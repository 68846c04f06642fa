/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.SignalFrame;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/** Frames as the samples of data records. */
final class EdfSamples implements Closeable {
    private final RecordingReader frames;
    private final EdfLayout layout;
    private final EdfRange[] ranges;
    private final int sampleBytes;
    private final byte[] record;

    /** The frame whose samples come next, from this one on. */
    private SignalFrame frame;

    private int from;

    EdfSamples(RecordingReader frames, EdfLayout layout, EdfRange[] ranges, int sampleBytes)
            throws IOException {
        this.frames = frames;
        this.layout = layout;
        this.ranges = ranges;
        this.sampleBytes = sampleBytes;
        this.record = new byte[layout.length() * ranges.length * sampleBytes];
        frame = nextFrame();
    }

    private SignalFrame nextFrame() throws IOException {
        Received received = frames.next();
        return received == null ? null : received.frame();
    }

    /**
     * Writes the samples of a data record, filled up where a run of frames ends.
     *
     * @return how many were not filled up
     */
    int next(OutputStream out) throws IOException {
        int kept = 0;
        boolean goesOn = true;
        while (goesOn && kept < layout.length()) {
            int some = Math.min(layout.length() - kept, frame.length() - from);
            put(kept, some);
            kept += some;
            from += some;
            if (from == frame.length()) {
                SignalFrame last = frame;
                frame = nextFrame();
                from = 0;
                goesOn = frame != null && RecordingWriter.follows(last, frame);
            }
        }
        fill(kept);
        out.write(record);
        return kept;
    }

    private void put(int at, int count) {
        for (int channel = 0; channel < ranges.length; channel++) {
            int index = (channel * layout.length() + at) * sampleBytes;
            for (int i = 0; i < count; i++) {
                int digital = ranges[channel].digital(frame.sample(channel, from + i));
                for (int b = 0; b < sampleBytes; b++) {
                    record[index++] = (byte) (digital >> 8 * b);
                }
            }
        }
    }

    private void fill(int kept) {
        int row = layout.length() * sampleBytes;
        for (int channel = 0; channel < ranges.length; channel++) {
            for (int i = kept * sampleBytes; i < row; i++) {
                record[channel * row + i] = record[channel * row + i - sampleBytes];
            }
        }
    }

    @Override
    public void close() throws IOException {
        frames.close();
    }
}
