/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AvroRecords;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormatException;
import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/** Reads blocks of records into frames and annotations, as {@link AvroFormat} says. */
final class AvroReader implements RecordingReader {
    private static final byte VERSION = 1;
    private static final int POSITION_BYTES = 1 + 8 + 8 + 4;

    private final BinaryFile file;
    private final AvroBlocks blocks;
    private final RecordingOptions options;
    private final GenericDatumReader<GenericRecord> records;
    private final long firstBlock;
    private final long startNanos;

    /**
     * The block that {@link #next()} gives from, the time of the last record before it, and how
     * many of its pieces were passed.
     */
    private long offset;

    private long nanosBefore;
    private int passed;

    // What the loaded block still has to give.
    private AvroBlocks.Block block;
    private BinaryDecoder decoder;

    /** The time of the last record, for what has none of its own. */
    private long nanos;

    AvroReader(BinaryFile file, AvroHeader header, RecordingOptions options, byte[] position)
            throws IOException {
        this.file = file;
        this.blocks = new AvroBlocks(file, header);
        this.options = options;
        this.records = new GenericDatumReader<>(header.schema(), AvroHeader.RECORDS);
        this.firstBlock = header.offset();
        goTo(firstBlock, 0);
        this.startNanos = firstNanos();
        rewind();
        if (position.length > 0) {
            ByteBuffer in = BinaryPosition.read("an Avro file", VERSION, POSITION_BYTES, position);
            goTo(in.getLong(), in.getLong());
            int before = in.getInt();
            for (int i = 0; i < before; i++) {
                piece();
            }
        }
    }

    /** The time of the first record that can be read. */
    private long firstNanos() throws IOException {
        for (Received next = piece(); next != null; next = piece()) {
            if (next.deadLetter() == null) {
                return nanos;
            }
        }
        return options.startNanos();
    }

    @Override
    public boolean rewind() {
        goTo(firstBlock, startNanos);
        return true;
    }

    private void goTo(long start, long time) {
        offset = start;
        nanosBefore = time;
        nanos = time;
        passed = 0;
        block = null;
    }

    @Override
    public long startNanos() {
        return startNanos;
    }

    @Override
    public Received next() throws IOException {
        while (true) {
            Received piece = piece();
            Received wanted = piece == null ? null : selected(piece);
            if (piece == null || wanted != null) {
                return wanted;
            }
        }
    }

    /** Of a frame the channels that are read; null if it has none of them. */
    private Received selected(Received piece) {
        SignalFrame frame = piece.frame();
        if (frame == null || options.channels().isEmpty()) {
            return piece;
        }
        int[] selection = options.selection(frame.channels());
        if (selection.length == 0) {
            return null;
        }
        int length = frame.length();
        float[] samples = new float[selection.length * length];
        for (int i = 0; i < selection.length; i++) {
            System.arraycopy(frame.samples(), selection[i] * length, samples, i * length, length);
        }
        List<String> channels = Arrays.stream(selection).mapToObj(frame.channels()::get).toList();
        return Received.frame(
                new SignalFrame(
                        frame.streamId(),
                        frame.sequence(),
                        frame.segment(),
                        frame.startNanos(),
                        frame.rate(),
                        channels,
                        samples,
                        frame.quality()));
    }

    /** The next record or refused piece; null at the end. */
    private Received piece() throws IOException {
        while (block == null || isGiven()) {
            AvroBlocks.Block next = blocks.at(block == null ? offset : block.end());
            if (next == null) {
                return null;
            }
            if (block != null) {
                offset = next.offset();
                nanosBefore = nanos;
                passed = 0;
            }
            block = next;
            decoder =
                    block.bytes() == null
                            ? null
                            : DecoderFactory.get().binaryDecoder(block.bytes(), decoder);
        }
        passed++;
        return block.bytes() == null ? damagedBlock() : record();
    }

    private boolean isGiven() throws IOException {
        if (block.bytes() == null) {
            return passed > 0;
        }
        return decoder == null || (passed >= block.count() && decoder.isEnd());
    }

    private Received record() throws IOException {
        int from = given();
        GenericRecord avro;
        try {
            if (passed > block.count()) {
                throw new IOException("bytes follow the last record");
            }
            avro = records.read(null, decoder);
        } catch (IOException | RuntimeException e) {
            // Avro tells of malformed bytes by whichever exception they provoke.
            decoder = null;
            return refused(
                    from,
                    block.bytes().length,
                    "the records from number %d of %d in the block at byte %d on do not follow"
                            + " their schema: %s",
                    passed,
                    block.count(),
                    block.offset(),
                    e.getMessage());
        }
        try {
            WireRecord record = AvroRecords.fromAvro(avro);
            nanos = record.eventNanos();
            return record instanceof SignalFrame frame
                    ? Received.frame(frame)
                    : Received.annotation((Annotation) record);
        } catch (WireFormatException e) {
            return refused(
                    from,
                    given(),
                    "record %d of the block at byte %d cannot be used: %s",
                    passed,
                    block.offset(),
                    e.getMessage());
        }
    }

    /** Bytes of the block that the decoder has passed. */
    private int given() throws IOException {
        return block.bytes().length - decoder.inputStream().available();
    }

    private Received refused(int from, int to, String reason, Object... values) {
        byte[] payload =
                Arrays.copyOfRange(block.bytes(), from, Math.min(to, from + BinaryFile.MOST_BYTES));
        return file.refused(block.offset(), nanos, payload, "bad record", reason, values);
    }

    private Received damagedBlock() throws IOException {
        file.seek(block.offset());
        byte[] payload = file.bytes(Math.min(BinaryFile.MOST_BYTES, block.end() - block.offset()));
        return file.refused(
                block.offset(),
                nanos,
                payload,
                "bad block",
                "the block at byte %d cannot be used, as %s; reading goes on at byte %d, and %s are"
                        + " lost",
                block.offset(),
                block.damage(),
                block.end(),
                block.count() < 0 ? "its records" : block.count() + " records");
    }

    @Override
    public byte[] position() {
        return BinaryPosition.write(VERSION, POSITION_BYTES)
                .putLong(offset)
                .putLong(nanosBefore)
                .putInt(passed)
                .array();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
