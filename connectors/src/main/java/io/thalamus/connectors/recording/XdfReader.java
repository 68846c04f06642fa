/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongFunction;

/** Gives the records of an XDF file chunk by chunk, as {@link XdfFormat} says. */
final class XdfReader implements RecordingReader {
    private final BinaryFile file;
    private final RecordingOptions options;
    private final XdfRecording recording;
    private final XdfChunks chunks;
    private final XdfSamples samples;
    private final Map<Long, XdfCursor> cursors = new HashMap<>();

    /** The chunk whose records are given, and how many of them were. */
    private XdfPosition position;

    /** The stream of that chunk while there may be samples in it; or null. */
    private XdfCursor cursor;

    private float[] buffer = new float[0];

    /** Bytes to be refused, and why; null if there are none. */
    private Refusal refusal;

    private record Refusal(long from, long to, String error, String reason) {}

    XdfReader(
            BinaryFile file, RecordingOptions options, XdfRecording recording, XdfPosition position)
            throws IOException {
        this.file = file;
        this.options = options;
        this.recording = recording;
        this.chunks = new XdfChunks(file);
        this.samples = new XdfSamples(file);
        this.position = new XdfPosition(position.chunk(), 0);
        begin(recording.stamps()::get);
        chunks.seek(position.chunk());
        for (long i = 0; i < position.given(); i++) {
            next();
        }
    }

    /**
     * @param stamps of each stream, by its number, from where reading begins
     */
    private void begin(LongFunction<XdfStamps> stamps) {
        recording
                .streams()
                .forEach((id, stream) -> cursors.put(id, new XdfCursor(stream, stamps.apply(id))));
    }

    @Override
    public boolean rewind() throws IOException {
        begin(id -> recording.stamps().get(id).fromStart());
        cursor = null;
        refusal = null;
        position = XdfPosition.START;
        chunks.seek(position.chunk());
        return true;
    }

    @Override
    public long startNanos() {
        return recording.startNanos();
    }

    @Override
    public byte[] position() {
        return position.encode();
    }

    @Override
    public Received next() throws IOException {
        Received record = ofChunk();
        while (record == null) {
            XdfChunk chunk = chunks.next();
            if (chunk == null) {
                return null;
            }
            position = new XdfPosition(chunk.offset(), 0);
            begin(chunk);
            record = ofChunk();
        }
        position = new XdfPosition(position.chunk(), position.given() + 1);
        return record;
    }

    private void begin(XdfChunk chunk) throws IOException {
        if (chunk.fault() != null) {
            refusal = new Refusal(chunk.offset(), chunk.end(), "broken file", chunk.fault());
            return;
        }
        try {
            switch (chunk.tag()) {
                case XdfChunk.FILE_HEADER, XdfChunk.STREAM_HEADER ->
                        recording.headers().take(chunk);
                case XdfChunk.CLOCK_OFFSET -> {
                    cursorOf(chunk);
                    XdfOffset.read(file, chunk);
                }
                case XdfChunk.SAMPLES -> {
                    cursor = cursorOf(chunk);
                    samples.begin(chunk, cursor.stream().header(), cursor.stamps());
                }
                default -> {
                    // Footers repeat what is known, boundaries say nothing, and more may be added.
                }
            }
        } catch (InvalidInputException e) {
            refusal =
                    new Refusal(
                            chunk.offset(),
                            chunk.end(),
                            "bad chunk",
                            "the chunk is not used: " + e.getMessage());
        }
    }

    private XdfCursor cursorOf(XdfChunk chunk) {
        XdfCursor known = cursors.get(chunk.streamId());
        if (known == null) {
            throw new InvalidInputException(
                    "it is of stream %d, which has no header".formatted(chunk.streamId()));
        }
        return known;
    }

    /** The next record of the chunk; null if it has no more. */
    private Received ofChunk() throws IOException {
        if (cursor != null) {
            Received record = cursor.stream().isText() ? annotation() : frame();
            if (record != null) {
                return record;
            }
            cursor = null;
            if (samples.fault() != null) {
                refusal =
                        new Refusal(
                                samples.offset(), samples.end(), "bad samples", samples.fault());
            }
        }
        return refusal == null ? null : refused();
    }

    private Received annotation() throws IOException {
        if (!samples.advance()) {
            return null;
        }
        double time = cursor.stretchOf(samples).timeOf(samples.number());
        return Received.annotation(
                new Annotation(
                        cursor.stream().streamId(), recording.nanos(time), 0, samples.text()));
    }

    private Received frame() throws IOException {
        XdfStream stream = cursor.stream();
        int[] selection = stream.selection();
        if (selection.length == 0) {
            samples.pass();
            return null;
        }
        if (!samples.advance()) {
            return null;
        }
        long first = samples.number();
        XdfStretch stretch = cursor.stretchOf(samples);
        int capacity =
                (int)
                        Math.min(
                                stretch.samplesUntilStray(first, stream.rate()),
                                options.frameLength(selection.length));
        if (buffer.length < selection.length * capacity) {
            buffer = new float[selection.length * capacity];
        }
        int length = 0;
        do {
            for (int i = 0; i < selection.length; i++) {
                buffer[i * capacity + length] = samples.value(selection[i]);
            }
            length++;
        } while (length < capacity && samples.advance());
        float[] values = new float[selection.length * length];
        for (int i = 0; i < selection.length; i++) {
            System.arraycopy(buffer, i * capacity, values, i * length, length);
        }
        return Received.frame(
                new SignalFrame(
                        stream.streamId(),
                        stretch.sequenceOf(first),
                        0,
                        recording.nanos(stretch.timeOf(first)),
                        stream.rate(),
                        stream.channels(),
                        values,
                        Quality.of(values, 0)));
    }

    /** The next piece of what is refused. */
    private Received refused() throws IOException {
        Refusal whole = refusal;
        long end = Math.min(whole.to(), whole.from() + BinaryFile.MOST_BYTES);
        refusal =
                end < whole.to()
                        ? new Refusal(end, whole.to(), whole.error(), whole.reason())
                        : null;
        file.in("refused bytes").seek(whole.from());
        return file.refused(
                whole.from(),
                0,
                file.bytes(end - whole.from()),
                whole.error(),
                "%s",
                whole.reason());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
