/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.core.fs.Path;

/**
 * Biosignals as EDF, EDF+, BDF and BDF+ files, read from the specifications at edfplus.info and
 * biosemi.com.
 *
 * <p><b>Streams.</b> The signals of one rate are the channels of one stream, in the order of the
 * file and named by their labels; a label that occurs again gets a number, as in {@code T3-2}. With
 * several rates in the file, the streams are named after them, as in {@code night/256Hz}. Samples
 * are physical values in the unit of the file, computed in float64 and rounded to float32. A data
 * record's samples are cut into frames of at most {@link RecordingOptions#frameLength()}.
 *
 * <p><b>Time.</b> The start is the header's date and time, taken as UTC, or {@link
 * RecordingOptions#start()} where they were taken out, and the onset that the first data record
 * gives itself. In a discontinuous file each record has its own onset: where it differs by more
 * than a millisecond from the end of the record before, time jumps to it, and sample numbers jump
 * to the nearest one at the stream's rate; they never go back, even if time does.
 *
 * <p>A data record that {@link EdfFill} says is filled up gives the samples only that are some.
 *
 * <p><b>Annotations</b> come before the samples of the data record that holds them and belong to
 * the recording as a whole: their stream is the recording's name.
 *
 * <p><b>Damage</b> is told as dead letters: annotations that cannot be read, a record without its
 * onset in a discontinuous file, an incomplete last record, missing records, bytes behind the last
 * one. A data record of more than 64 MiB is refused.
 *
 * <p>No maintained library on Maven Central reads discontinuous files or streams records.
 */
public final class EdfFormat implements RecordingFormat {
    private final RecordingOptions options;

    public EdfFormat(RecordingOptions options) {
        this.options = options;
    }

    @Override
    public boolean accepts(String fileName) {
        return DetectedFormat.hasExtension(fileName, ".edf", ".bdf", ".rec");
    }

    @Override
    public boolean recognises(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return text.startsWith(EdfHeader.EDF) || text.startsWith(EdfHeader.BDF);
    }

    @Override
    public RecordingDescription describe(Path path, String name) throws IOException {
        try (EdfReader reader = open(path, name, new byte[0])) {
            return reader.description(name);
        }
    }

    @Override
    public EdfReader open(Path path, String name, byte[] position) throws IOException {
        BinaryFile file = BinaryFile.open(path);
        try {
            EdfHeader header = EdfHeader.read(file, options);
            List<EdfStream> streams = EdfStream.of(file, header, name, options);
            return new EdfReader(file, name, header, streams, options, position);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }
}
