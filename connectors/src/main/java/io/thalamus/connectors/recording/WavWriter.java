/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.apache.flink.core.fs.Path;

/**
 * Writes one stream to Broadcast Wave files (RF64 beyond 4 GB), a file for each unbroken run of
 * frames. The time of the first sample stands in the {@code bext} chunk: the date and time to the
 * second, the time of day in samples, and to the nanosecond in the description. Times within a file
 * follow from the rate; before a frame's would be off by more than a millisecond, or one sample if
 * that is longer, the next file begins, so that a clock that drifts does not add up.
 *
 * <p>A WAV file has no annotations that programs agree on: they go to an Avro file beside it.
 */
final class WavWriter implements RecordingWriter {

    /** How a sample is written; the numbers are those of the {@code fmt } chunk. */
    enum Encoding {
        /** As it is. */
        FLOAT_32(3, 4) {
            @Override
            void put(ByteBuffer bytes, float sample) {
                bytes.putFloat(sample);
            }
        },
        /** In steps of 2^-15: rounded to the nearest (ties to even), clipped; NaN is 0. */
        PCM_16(1, 2) {
            @Override
            void put(ByteBuffer bytes, float sample) {
                bytes.putShort((short) steps(sample, 0x1p15f));
            }
        },
        /** In steps of 2^-23: rounded to the nearest (ties to even), clipped; NaN is 0. */
        PCM_24(1, 3) {
            @Override
            void put(ByteBuffer bytes, float sample) {
                int steps = steps(sample, 0x1p23f);
                bytes.putShort((short) steps).put((byte) (steps >> Short.SIZE));
            }
        };

        private final int tag;
        private final int bytes;

        Encoding(int tag, int bytes) {
            this.tag = tag;
            this.bytes = bytes;
        }

        abstract void put(ByteBuffer bytes, float sample);

        private static int steps(float sample, float full) {
            double steps = Math.rint((double) sample * full);
            return (int) Math.max(-full, Math.min(full - 1, steps));
        }
    }

    private static final long TOLERANCE_NANOS = 1_000_000;

    private static final String EXTENSION = ".wav";
    private static final long MOST_RIFF_BYTES = 0xffffffffL;
    private static final int MOST_BLOCK_BYTES = 0xffff;

    private static final int DESCRIPTION_BYTES = 256;
    private static final int NAMES_BYTES = 64;
    private static final int BROADCAST_BYTES = 602;
    private static final DateTimeFormatter DATE_AND_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-ddHH:mm:ss", Locale.ROOT);

    private final RecordingTarget target;
    private final String streamId;
    private final Encoding encoding;
    private RecordingWriter annotations;
    private Part part;

    WavWriter(RecordingTarget target, String streamId, Encoding encoding) {
        this.target = target;
        this.streamId = streamId;
        this.encoding = encoding;
    }

    /** A file that is being written. */
    private static final class Part {
        private final Path path;
        private final java.nio.file.Path data;
        private final OutputStream out;
        private final SignalFrame first;
        private SignalFrame last;
        private long blocks;

        Part(Path path, java.nio.file.Path data, SignalFrame first) throws IOException {
            this.path = path;
            this.data = data;
            this.out = Files.newOutputStream(data);
            this.first = first;
        }

        boolean takes(SignalFrame frame) {
            long sample = first.rate().nanosOf(1);
            long expected = first.startNanos() + first.rate().nanosOf(blocks);
            return RecordingWriter.follows(last, frame)
                    && Math.abs(frame.startNanos() - expected) <= Math.max(TOLERANCE_NANOS, sample);
        }
    }

    @Override
    public void write(SignalFrame frame) throws IOException {
        if (part != null && !part.takes(frame)) {
            endPart();
        }
        if (part == null) {
            requireFits(frame);
            part = new Part(target.next(streamId, EXTENSION), target.scratchFile(), frame);
        }
        int channels = frame.channels().size();
        ByteBuffer bytes = little(frame.samples().length * encoding.bytes);
        for (int i = 0; i < frame.length(); i++) {
            for (int channel = 0; channel < channels; channel++) {
                encoding.put(bytes, frame.sample(channel, i));
            }
        }
        part.out.write(bytes.array());
        part.last = frame;
        part.blocks += frame.length();
    }

    private void requireFits(SignalFrame frame) {
        if (frame.rate().denominator() != 1) {
            throw new InvalidInputException(
                    "stream '%s' has %s, and a WAV file whole rates only: write avro, edf or bdf"
                            .formatted(streamId, frame.rate()));
        }
        int most = MOST_BLOCK_BYTES / encoding.bytes;
        if (frame.channels().size() > most) {
            throw new InvalidInputException(
                    "stream '%s' has %d channels, and a WAV file at most %d: write avro"
                            .formatted(streamId, frame.channels().size(), most));
        }
    }

    @Override
    public void write(Annotation annotation) throws IOException {
        if (annotations == null) {
            annotations = new AvroWriter(target, streamId + ".annotations");
        }
        annotations.write(annotation);
    }

    private void endPart() throws IOException {
        long bytes = part.blocks * part.first.channels().size() * encoding.bytes;
        if (bytes % 2 == 1) {
            part.out.write(0);
        }
        part.out.close();
        target.publish(part.path, head(encoding, part.first, part.blocks), part.data);
        part = null;
    }

    /** All that stands before the data of so many blocks. */
    static byte[] head(Encoding encoding, SignalFrame first, long blocks) {
        int channels = first.channels().size();
        int block = channels * encoding.bytes;
        long bytes = blocks * block;
        boolean isFloat = encoding.tag != 1;
        int chunks = 8 + BROADCAST_BYTES + (isFloat ? 8 + 18 + 8 + 4 : 8 + 16) + 8;
        long size = 4 + chunks + bytes + bytes % 2;
        boolean wide = size > MOST_RIFF_BYTES;
        int wideBytes = wide ? 8 + 28 : 0;
        ByteBuffer head = little(12 + wideBytes + chunks);
        text(head, wide ? "RF64" : "RIFF").putInt((int) (wide ? MOST_RIFF_BYTES : size));
        text(head, "WAVE");
        if (wide) {
            text(head, "ds64").putInt(28).putLong(size + wideBytes).putLong(bytes);
            head.putLong(blocks).putInt(0);
        }
        broadcast(text(head, "bext"), first);
        int rate = (int) first.rate().numerator();
        text(head, "fmt ").putInt(isFloat ? 18 : 16);
        head.putShort((short) encoding.tag).putShort((short) channels).putInt(rate);
        head.putInt(rate * block).putShort((short) block).putShort((short) (8 * encoding.bytes));
        if (isFloat) {
            head.putShort((short) 0);
            text(head, "fact").putInt(4);
            head.putInt((int) Math.min(MOST_RIFF_BYTES, blocks));
        }
        return text(head, "data").putInt((int) (wide ? MOST_RIFF_BYTES : bytes)).array();
    }

    /** The bext chunk behind its name, as {@link WavHeader} reads it. */
    private static void broadcast(ByteBuffer head, SignalFrame first) {
        Instant start = Instant.EPOCH.plusNanos(first.startNanos());
        long dayNanos = Math.floorMod(first.startNanos(), 86_400_000_000_000L);
        head.putInt(BROADCAST_BYTES);
        int from = head.position();
        text(head, WavHeader.description(start));
        text(head.position(from + DESCRIPTION_BYTES), "thalamus");
        text(
                head.position(from + DESCRIPTION_BYTES + NAMES_BYTES),
                DATE_AND_TIME.format(start.atZone(ZoneOffset.UTC)));
        head.putLong(first.rate().samplesIn(dayNanos)).putShort((short) 1);
        head.position(from + BROADCAST_BYTES);
    }

    private static ByteBuffer text(ByteBuffer bytes, String text) {
        return bytes.put(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void finish() throws IOException {
        try {
            if (part != null) {
                endPart();
            }
        } finally {
            if (annotations != null) {
                annotations.finish();
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (part != null) {
            part.out.close();
        }
        if (annotations != null) {
            annotations.close();
        }
    }
}
