/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads the samples of FLAC frames into signal frames, as {@link FlacFormat} says. */
final class FlacReader implements RecordingReader {
    private static final byte VERSION = 1;
    private static final int POSITION_BYTES = 1 + 8 + 8 + 1 + 4;

    private final BinaryFile file;
    private final StreamDescription stream;
    private final SampleRate rate;
    private final long startNanos;
    private final int[] selection;
    private final int frameLength;

    /** What a step of the whole numbers is, where their full scale is 1. */
    private final float step;

    private final FlacFrames frames;
    private FlacFrames.Piece piece;

    /** How many samples, or dead letters, the present piece holds. */
    private int size;

    private int used;

    /** The frame being filled: {@code capacity} values for each channel. */
    private float[] samples;

    private int capacity;
    private int length;
    private long first;

    FlacReader(
            BinaryFile file,
            StreamDescription stream,
            FlacStreamInfo info,
            RecordingOptions options,
            byte[] position)
            throws IOException {
        this.file = file;
        this.stream = stream;
        this.rate = stream.rate();
        this.startNanos = options.startNanos();
        this.selection = options.selection(info.channelNames());
        this.frameLength = options.frameLength(info.channels());
        this.step = Math.scalb(1f, 1 - info.bits());
        FlacFrames.Mark mark = new FlacFrames.Mark(file.position(), 0, true);
        int skipped = 0;
        if (position.length > 0) {
            ByteBuffer in = BinaryPosition.read("a FLAC file", VERSION, POSITION_BYTES, position);
            mark = new FlacFrames.Mark(in.getLong(), in.getLong(), in.get() == 1);
            skipped = in.getInt();
        }
        long reach = rate.samplesIn(Long.MAX_VALUE - Math.max(0, startNanos)) - 1;
        this.frames = new FlacFrames(file.in("frames"), info, mark, reach);
        if (skipped > 0) {
            advance();
            used = skipped;
        }
    }

    @Override
    public long startNanos() {
        return startNanos;
    }

    @Override
    public Received next() throws IOException {
        while (true) {
            if (used == size) {
                advance();
            }
            switch (piece) {
                case FRAME -> {
                    long due = frames.decoder().header().first() + used;
                    if (length > 0 && due != first + length) {
                        return finishFrame();
                    }
                    append(due);
                    if (length == capacity) {
                        return finishFrame();
                    }
                }
                case REFUSED -> {
                    if (length > 0) {
                        return finishFrame();
                    }
                    used = size;
                    return refuse();
                }
                case END -> {
                    return length > 0 ? finishFrame() : null;
                }
            }
        }
    }

    private void advance() throws IOException {
        piece = frames.advance();
        used = 0;
        size =
                switch (piece) {
                    case FRAME -> frames.decoder().header().blockSize();
                    case REFUSED -> 1;
                    case END -> 0;
                };
    }

    /** Takes as many samples as the piece has and the frame can hold. */
    private void append(long due) {
        if (length == 0) {
            first = due;
            capacity = frameLength - (int) (due % frameLength);
            samples = new float[selection.length * capacity];
        }
        int count = Math.min(size - used, capacity - length);
        for (int channel = 0; channel < selection.length; channel++) {
            long[] decoded = frames.decoder().samples(selection[channel]);
            int to = channel * capacity + length;
            for (int i = 0; i < count; i++) {
                samples[to + i] = decoded[used + i] * step;
            }
        }
        used += count;
        length += count;
    }

    private Received finishFrame() {
        float[] values = samples;
        if (length < capacity) {
            values = new float[selection.length * length];
            for (int channel = 0; channel < selection.length; channel++) {
                System.arraycopy(samples, channel * capacity, values, channel * length, length);
            }
        }
        length = 0;
        return Received.frame(
                new SignalFrame(
                        stream.streamId(),
                        first,
                        0,
                        time(first),
                        rate,
                        stream.channels(),
                        values,
                        0));
    }

    private Received refuse() {
        return file.refused(
                frames.mark().offset(),
                time(frames.mark().sample()),
                frames.bytes(),
                frames.error(),
                "%s",
                frames.reason());
    }

    private long time(long sample) {
        return startNanos + rate.nanosOf(sample);
    }

    @Override
    public byte[] position() {
        // No frame is being filled between two records: each is finished before the next one.
        boolean within = used < size;
        FlacFrames.Mark mark = within ? frames.mark() : frames.following();
        return BinaryPosition.write(VERSION, POSITION_BYTES)
                .putLong(mark.offset())
                .putLong(mark.sample())
                .put((byte) (mark.sound() ? 1 : 0))
                .putInt(within ? used : 0)
                .array();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
