/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.PcmEncoding;
import io.thalamus.connectors.Received;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads blocks of samples into frames, as {@link WavFormat} says. */
final class WavReader implements RecordingReader {
    private static final byte VERSION = 1;
    private static final int POSITION_BYTES = 1 + 8 + 1;

    private final BinaryFile file;
    private final String streamId;
    private final WavHeader header;
    private final PcmEncoding encoding;
    private final int[] selection;
    private final List<String> channels;
    private final int frameLength;

    /** The bytes of a frame. */
    private final byte[] bytes;

    private long nextBlock;
    private boolean lossTold;

    WavReader(
            BinaryFile file,
            String streamId,
            WavHeader header,
            RecordingOptions options,
            byte[] position)
            throws IOException {
        this.file = file;
        this.streamId = streamId;
        this.header = header;
        this.encoding = header.encoding();
        List<String> available = header.channels();
        options.requireChannels(file, available);
        this.selection = options.selection(available);
        this.channels = options.channels().isEmpty() ? available : options.channels();
        this.frameLength = options.frameLength(header.channelCount());
        this.bytes = new byte[(int) Math.min(frameLength, header.blocks()) * header.blockBytes()];
        if (position.length > 0) {
            ByteBuffer in = BinaryPosition.read("a WAV file", VERSION, POSITION_BYTES, position);
            nextBlock = in.getLong();
            lossTold = in.get() == 1;
        }
        file.in("data").seek(header.dataOffset() + nextBlock * header.blockBytes());
    }

    @Override
    public long startNanos() {
        return header.startNanos();
    }

    @Override
    public Received next() throws IOException {
        int length = (int) Math.min(frameLength, header.blocks() - nextBlock);
        if (length == 0) {
            return loss();
        }
        file.readFully(bytes, 0, length * header.blockBytes());
        float[] samples = new float[selection.length * length];
        int at = 0;
        for (int channel : selection) {
            encoding.decode(
                    bytes, channel * encoding.bytes(), header.blockBytes(), samples, at, length);
            at += length;
        }
        SignalFrame frame =
                new SignalFrame(
                        streamId,
                        nextBlock,
                        0,
                        header.startNanos() + header.rate().nanosOf(nextBlock),
                        header.rate(),
                        channels,
                        samples,
                        encoding.isFloat() ? Quality.of(samples, 0) : 0);
        nextBlock += length;
        return Received.frame(frame);
    }

    /** What is missing behind the last whole block, told once. */
    private Received loss() throws IOException {
        long whole = header.blocks() * header.blockBytes();
        int rest = (int) (header.available() - whole);
        boolean cut = header.announced() > header.available();
        // Data of an odd size is padded; where the size is not known, the padding looks like data.
        boolean padding = header.announced() < 0 && rest == 1 && whole % 2 == 1;
        if (lossTold || padding || (rest == 0 && !cut)) {
            return null;
        }
        lossTold = true;
        long position = file.position();
        long time = header.startNanos() + header.rate().nanosOf(nextBlock);
        byte[] payload = file.bytes(rest);
        return cut
                ? file.refused(
                        position,
                        time,
                        payload,
                        "truncated data",
                        "the data has %d bytes by the header, of which %d are there: the file was"
                                + " cut off",
                        header.announced(),
                        header.available())
                : file.refused(
                        position,
                        time,
                        payload,
                        "incomplete block",
                        "the data ends %d bytes into a block of %d",
                        rest,
                        header.blockBytes());
    }

    @Override
    public byte[] position() {
        return BinaryPosition.write(VERSION, POSITION_BYTES)
                .putLong(nextBlock)
                .put((byte) (lossTold ? 1 : 0))
                .array();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
