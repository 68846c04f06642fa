/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.SampleRate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.flink.core.fs.Path;

/**
 * Audio as FLAC files (RFC 9639): 1 to 8 channels of 4 to 32 bits, blocks of fixed or variable
 * length, also behind an ID3v2 tag and without a known number of samples.
 *
 * <p>A file is one stream with the channels {@code ch1}, {@code ch2} ... Samples become float32 by
 * division by their full scale; those of more than 25 bits are rounded to float32.
 *
 * <p><b>Time.</b> A FLAC file knows no time: sample 0 has that of {@link RecordingOptions#start()}.
 * Sample numbers are those that the frames of the file say.
 *
 * <p><b>Damage.</b> A FLAC frame whose checksums do not fit, or that is not what the head of the
 * file says, is refused whole with all bytes up to the next sound one, in dead letters of at most 1
 * MiB each. The sample numbers jump over what is lost; no sample is filled in. A file that ends
 * before its last sample by the head has one dead letter that says so.
 *
 * <p>The MD5 sum of all samples in the head is not compared: each frame has been checked by a sum
 * of its own, and a reader that was restored in the midst of a file could not tell.
 *
 * <p>The decoder is written from the RFC, because no maintained one for Java was found that may be
 * used here.
 */
public final class FlacFormat implements RecordingFormat {
    private final RecordingOptions options;

    public FlacFormat(RecordingOptions options) {
        this.options = options;
    }

    @Override
    public boolean accepts(String fileName) {
        return DetectedFormat.hasExtension(fileName, ".flac");
    }

    @Override
    public boolean recognises(byte[] head) {
        return new String(head, StandardCharsets.ISO_8859_1).startsWith(FlacStreamInfo.MARKER);
    }

    @Override
    public RecordingDescription describe(Path path, String name) throws IOException {
        try (BinaryFile file = BinaryFile.open(path)) {
            FlacStreamInfo info = FlacStreamInfo.read(file);
            return new RecordingDescription(
                    path.toString(),
                    name,
                    String.format(Locale.ROOT, "FLAC, %d bit", info.bits()),
                    file.length(),
                    options.startNanos(),
                    List.of(stream(file, name, info)));
        }
    }

    @Override
    public RecordingReader open(Path path, String name, byte[] position) throws IOException {
        BinaryFile file = BinaryFile.open(path);
        try {
            FlacStreamInfo info = FlacStreamInfo.read(file);
            return new FlacReader(file, stream(file, name, info), info, options, position);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private StreamDescription stream(BinaryFile file, String name, FlacStreamInfo info) {
        List<String> available = info.channelNames();
        options.requireChannels(file, available);
        return StreamDescription.withoutUnits(
                name,
                options.channels().isEmpty() ? available : options.channels(),
                SampleRate.ofHertz(info.rate()));
    }
}
