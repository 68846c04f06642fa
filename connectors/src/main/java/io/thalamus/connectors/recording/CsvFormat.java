/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * A multivariate series as text: a header with the columns' names, then one row a sample.
 *
 * <p>Fields may be quoted as RFC 4180 says, except that a line break ends a row even within quotes:
 * so a quote that is never closed costs one row, not the rest of the recording. Lines end with LF
 * or CRLF, empty lines are passed over, the text is UTF-8 with or without a byte order mark.
 *
 * <p><b>Samples.</b> The first row whose time can be read is sample 0. The sample number of any row
 * is the grid point of the sample rate that lies nearest to its time, so numbers jump over missing
 * rows, and a frame never spans a jump. Frames also end where the sample number is a multiple of
 * the frame length. Their times are the grid's. A missing value is NaN and sets {@link
 * io.thalamus.schemas.Quality#MISSING}.
 *
 * <p>Of an {@link CsvOptions#irregular() irregular} recording each row is a frame of its own, with
 * the row's time and the number of rows before it; rows may come in any order.
 *
 * <p><b>Dead letters</b>, one for each row that is ragged, has a time or a number that cannot be
 * read or a broken quote, or does not come after the row before it; with the bytes of the line
 * without its end, and the line's number. A line of more than 1 MiB is refused in pieces.
 *
 * <p>Lines are split here and not by a library: a restart needs the byte offset, and a dead letter
 * the bytes, of each line. Of the maintained readers only commons-csv tells byte offsets, by
 * encoding each character again, and none gives a line's bytes.
 */
public final class CsvFormat implements RecordingFormat {
    private final CsvOptions options;

    public CsvFormat(CsvOptions options) {
        this.options = options;
    }

    @Override
    public boolean accepts(String fileName) {
        return DetectedFormat.hasExtension(fileName, ".csv", ".tsv", ".txt");
    }

    @Override
    public RecordingDescription describe(Path path, String name) throws IOException {
        CsvHeader header;
        CsvHead head;
        try (CsvLines lines = open(path)) {
            header = CsvHeader.read(path, lines, options);
            head = CsvHead.read(path, lines, header, options);
        }
        long bytes = path.getFileSystem().getFileStatus(path).getLen();
        return new RecordingDescription(
                path.toString(),
                name,
                "CSV",
                bytes,
                head.startNanos(),
                List.of(
                        new StreamDescription(
                                name,
                                header.channels(),
                                Collections.nCopies(header.channels().size(), ""),
                                head.rate(),
                                options.irregular())));
    }

    @Override
    public RecordingReader open(Path path, String name, byte[] position) throws IOException {
        CsvLines lines = open(path);
        try {
            CsvHeader header = CsvHeader.read(path, lines, options);
            CsvPosition start;
            if (position.length == 0) {
                CsvLines.Mark firstRow = lines.following();
                CsvHead head = CsvHead.read(path, lines, header, options);
                start = CsvPosition.start(firstRow, head);
            } else {
                start = CsvPosition.decode(position);
            }
            return new CsvReader(path, name, lines, header, options, start);
        } catch (IOException | RuntimeException e) {
            lines.close();
            throw e;
        }
    }

    private static CsvLines open(Path path) throws IOException {
        FileSystem fileSystem = path.getFileSystem();
        FSDataInputStream in;
        try {
            in = fileSystem.open(path);
        } catch (FileNotFoundException e) {
            throw BinaryFile.unreadable(path, e);
        }
        return new CsvLines(in);
    }
}
