/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.core.fs.Path;

/**
 * Audio as WAV files: PCM of 8, 16, 24 and 32 bits, float of 32 and 64 bits, A-law and mu-law, also
 * as {@code WAVE_FORMAT_EXTENSIBLE}, as Broadcast Wave, and as RF64 or BW64 beyond 4 GB.
 *
 * <p>A file is one stream with the channels {@code ch1}, {@code ch2} ... Whole numbers become
 * float32 by division by their full scale, float is taken as it is; whole numbers of 32 bits and
 * float64 are rounded to float32.
 *
 * <p><b>Time.</b> The first sample has the origination date and time of a {@code bext} chunk, taken
 * as UTC; without a valid one, {@link RecordingOptions#start()}.
 *
 * <p><b>Damage.</b> Data of unknown size, as programs leave it that write into a pipe, reaches to
 * the end of the file. Where the file ends before its data does, or within a block, the whole
 * blocks are read and one dead letter says what is lost.
 *
 * <p>Java's own {@code javax.sound} reads no RF64, no float, and only whole files in order, so the
 * header is read here.
 */
public final class WavFormat implements RecordingFormat {
    private final RecordingOptions options;

    public WavFormat(RecordingOptions options) {
        this.options = options;
    }

    @Override
    public boolean accepts(String fileName) {
        return DetectedFormat.hasExtension(fileName, ".wav", ".wave", ".bwf", ".rf64");
    }

    @Override
    public boolean recognises(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return text.length() >= 12
                && text.startsWith("WAVE", 8)
                && (text.startsWith("RIFF") || text.startsWith("RF64") || text.startsWith("BW64"));
    }

    @Override
    public RecordingDescription describe(Path path, String name) throws IOException {
        try (BinaryFile file = BinaryFile.open(path)) {
            WavHeader header = WavHeader.read(file, options);
            options.requireChannels(file, header.channels());
            return new RecordingDescription(
                    path.toString(),
                    name,
                    "WAV, " + header.encoding().words(),
                    file.length(),
                    header.startNanos(),
                    List.of(
                            StreamDescription.withoutUnits(
                                    name,
                                    options.channels().isEmpty()
                                            ? header.channels()
                                            : options.channels(),
                                    header.rate())));
        }
    }

    @Override
    public RecordingReader open(Path path, String name, byte[] position) throws IOException {
        BinaryFile file = BinaryFile.open(path);
        try {
            return new WavReader(file, name, WavHeader.read(file, options), options, position);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }
}
