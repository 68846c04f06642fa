/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.core.fs.Path;

/**
 * XDF, the Extensible Data Format, in which LabRecorder keeps the streams of the Lab Streaming
 * Layer. Written from its specification, "Format specification of XDF 1.0"
 * (github.com/sccn/xdf/wiki/Specifications); what its times mean is taken from the reference
 * importer, {@code load_xdf} of pyxdf (github.com/xdf-modules/pyxdf), whose defaults these are.
 *
 * <p><b>Streams.</b> Each stream of numbers becomes the stream {@code <recording>/<name>}; where
 * several have a name, with the id of the source or else the stream's number in the file behind it.
 * Each sample of a stream of strings becomes an annotation of the stream that is so named, with the
 * strings of several channels parted by tabs. Numbers of 64 bits are rounded to float32. NaN is
 * missing and sets {@link io.thalamus.schemas.Quality#MISSING}. A frame holds samples of one chunk
 * of the file, so records come as the recorder received them.
 *
 * <p><b>Times.</b> Time stamps that are left out follow at the nominal interval. All are put on the
 * recorder's clock by {@link XdfClock}. Those of a regular stream ({@code nominal_srate} over 0)
 * are laid on lines by {@link XdfStretches}, and sequence numbers jump at its holes by as many
 * samples as are missing; a stretch that begins earlier than the one before it ended counts on, and
 * its times tell. A sample of an irregular stream is a frame of its own, with its own time and the
 * number of samples before it.
 *
 * <p>The time of a frame is its first sample's on that line. The rate of frames is the nominal one,
 * which filters and models are made for, even if the device's clock ran otherwise by a little: such
 * drift shows in the times from frame to frame, and a frame is cut before its last sample is off by
 * half an interval. If 500 samples and more came at a rate that differs from the nominal one by
 * over a tenth, the header is not believed, and frames have the measured rate, to a thousandth of a
 * hertz. Frames of an irregular stream have its mean rate.
 *
 * <p>XDF knows times since the recorder's computer was started. The earliest sample of the file is
 * taken to be of the time that the file's header gives as {@code datetime}, when the file was
 * created, which is true to a second or some, as long as it takes the first stream to answer; if
 * there is none, of {@link RecordingOptions#start()}. Times of one file's streams agree among each
 * other as well as its clock offsets tell.
 *
 * <p><b>Dead letters</b>, with the bytes, in pieces of at most 1 MiB, and the offset of the first:
 * what cannot be a chunk, up to the next boundary chunk, such as the tail of a file that was cut
 * off; a header, or a clock offset, that cannot be used; samples of a stream without a header; and
 * the rest of a chunk from the first sample on that cannot be read, because the chunk ends within
 * it or its time stamp can be none. Chunks of unknown kinds are passed over.
 *
 * <p><b>Cost.</b> Opening a recording, at its start or anywhere else, and describing it each reads
 * its time stamps, and so the file, once: a clock and a rate are known at the end only. Its samples
 * are read behind that, so that a file is read twice to be played. Memory does not grow with the
 * file beyond 24 bytes a clock offset and 56 a break, of which it may have a million each; it may
 * have 256 streams with 4096 channels each, 65,536 in all, headers of 1 MiB and strings of 1 MiB a
 * sample. Time stamps lie within 68 years of 0.
 */
public final class XdfFormat implements RecordingFormat {
    private static final byte[] MAGIC = XdfChunks.MAGIC.getBytes(StandardCharsets.US_ASCII);

    private final RecordingOptions options;

    public XdfFormat(RecordingOptions options) {
        this.options = options;
    }

    @Override
    public boolean accepts(String fileName) {
        return DetectedFormat.hasExtension(fileName, ".xdf");
    }

    @Override
    public boolean recognises(byte[] head) {
        return head.length >= MAGIC.length && Arrays.equals(MAGIC, Arrays.copyOf(head, 4));
    }

    @Override
    public RecordingDescription describe(Path path, String name) throws IOException {
        try (BinaryFile file = BinaryFile.open(path)) {
            XdfRecording recording =
                    new XdfSkim(file, options).read(name, XdfPosition.START.chunk());
            return new RecordingDescription(
                    path.toString(),
                    name,
                    "XDF",
                    file.length(),
                    recording.startNanos(),
                    recording.streams().values().stream()
                            .filter(stream -> stream.selection().length > 0)
                            .map(XdfStream::description)
                            .toList());
        }
    }

    @Override
    public RecordingReader open(Path path, String name, byte[] position) throws IOException {
        BinaryFile file = BinaryFile.open(path);
        try {
            XdfPosition start =
                    position.length == 0 ? XdfPosition.START : XdfPosition.decode(position);
            XdfRecording recording = new XdfSkim(file, options).read(name, start.chunk());
            return new XdfReader(file, options, recording, start);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }
}
