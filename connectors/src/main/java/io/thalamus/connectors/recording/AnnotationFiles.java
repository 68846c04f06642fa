/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/**
 * Annotations in files of their own, such as labels beside a recording: what the sink {@code
 * annotations} of a pipeline writes, and what people write by hand.
 *
 * <ul>
 *   <li>JSON lines: one object a line with {@code streamId}, {@code onsetNanos}, {@code
 *       durationNanos} and {@code text}; other fields are passed over.
 *   <li>CSV: a header that names the columns {@code stream}, {@code onset}, {@code text}, and
 *       either {@code duration} (seconds) or {@code end}, in any order; {@code onset} and {@code
 *       end} are ISO times (UTC where they name no zone) or seconds since the epoch.
 * </ul>
 *
 * Which of the two a file is, its first character tells. At most {@value #MOST} annotations are
 * read, and a line has at most 1 MiB.
 */
public final class AnnotationFiles {
    /** Annotations of a file at most. */
    public static final int MOST = 1_000_000;

    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final ToLongFunction<String> ISO = TimeFormat.iso().parser();
    private static final ToLongFunction<String> SECONDS =
            new TimeFormat(TimeFormat.EPOCH_SECONDS, ZoneOffset.UTC).parser();

    private final Path path;
    private final CsvLines lines;
    private final List<Annotation> annotations;

    private AnnotationFiles(Path path, CsvLines lines, List<Annotation> annotations) {
        this.path = path;
        this.lines = lines;
        this.annotations = annotations;
    }

    /**
     * The annotations of a file, or of all {@code .jsonl} and {@code .csv} files in a folder, in
     * the order of their names; on any file system that Flink knows.
     *
     * @throws InvalidInputException if a file is not there, or a line of it is no annotation
     */
    public static List<Annotation> read(Path path) throws IOException {
        List<Annotation> annotations = new ArrayList<>();
        for (Path file : files(path)) {
            try (CsvLines lines = new CsvLines(file.getFileSystem().open(file))) {
                new AnnotationFiles(file, lines, annotations).read();
            }
        }
        return annotations;
    }

    private static List<Path> files(Path path) throws IOException {
        FileStatus status;
        try {
            status = path.getFileSystem().getFileStatus(path);
        } catch (FileNotFoundException e) {
            throw new InvalidInputException(
                    "annotations '" + path + "' cannot be read: name a file or folder that exists",
                    e);
        }
        if (!status.isDir()) {
            return List.of(path);
        }
        return Arrays.stream(path.getFileSystem().listStatus(path))
                .filter(entry -> !entry.isDir())
                .map(FileStatus::getPath)
                .filter(file -> !file.getName().startsWith("."))
                .filter(file -> DetectedFormat.hasExtension(file.getName(), ".jsonl", ".csv"))
                .sorted(Comparator.comparing(Path::getName))
                .toList();
    }

    private void read() throws IOException {
        if (!advance()) {
            return; // an empty file has no annotations
        }
        if (!lines.skipByteOrderMark()) {
            throw invalid("is UTF-16: save the file as UTF-8");
        }
        if (text().startsWith("{")) {
            do {
                add(ofJson(text()));
            } while (advance());
        } else {
            Columns columns = columns();
            while (advance()) {
                add(ofRow(columns));
            }
        }
    }

    /** Goes to the next line that is not blank. */
    private boolean advance() throws IOException {
        while (lines.advance()) {
            if (lines.isPiece()) {
                throw invalid("has more than 1 MiB: that is no annotation");
            }
            if (!lines.isBlank()) {
                return true;
            }
        }
        return false;
    }

    private void add(Annotation annotation) {
        if (annotations.size() == MOST) {
            throw invalid("is one too many: at most %,d annotations are read", MOST);
        }
        annotations.add(annotation);
    }

    private String text() {
        return new String(lines.bytes(), StandardCharsets.UTF_8).strip();
    }

    private Annotation ofJson(String line) {
        JsonNode json;
        try {
            json = JSON.readTree(line);
        } catch (JacksonException e) {
            throw invalid("is no JSON object: %s", e.getOriginalMessage());
        }
        if (json == null || !json.isObject()) {
            throw invalid("is no JSON object");
        }
        return annotation(
                field(json, "streamId"),
                whole(json, "onsetNanos"),
                whole(json, "durationNanos"),
                field(json, "text"));
    }

    private String field(JsonNode json, String name) {
        if (!json.path(name).isTextual()) {
            throw invalid("has no text '%s': an annotation has one", name);
        }
        return json.path(name).textValue();
    }

    private long whole(JsonNode json, String name) {
        JsonNode number = json.path(name);
        if (!number.isIntegralNumber() || !number.canConvertToLong()) {
            throw invalid("has no whole number '%s' of nanoseconds", name);
        }
        return number.longValue();
    }

    /**
     * Where the columns are.
     *
     * @param duration -1 if the rows have ends
     * @param end -1 if the rows have durations
     */
    private record Columns(int width, int stream, int onset, int duration, int end, int text) {}

    private Columns columns() {
        List<String> names = fields();
        int duration = names.indexOf("duration");
        int end = names.indexOf("end");
        Columns columns =
                new Columns(
                        names.size(),
                        names.indexOf("stream"),
                        names.indexOf("onset"),
                        duration,
                        end,
                        names.indexOf("text"));
        boolean complete =
                Stream.of(columns.stream, columns.onset, columns.text).allMatch(at -> at >= 0);
        if (!complete || duration < 0 == end < 0) {
            throw invalid(
                    "has the columns %s: a file of annotations begins with"
                            + " stream,onset,duration,text, with end in place of duration, or it is"
                            + " one JSON object a line",
                    names);
        }
        return columns;
    }

    private List<String> fields() {
        CsvFields fields = new CsvFields(',');
        if (!lines.split(fields)) {
            throw invalid("has a broken quote");
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < fields.count(); i++) {
            texts.add(fields.text(i));
        }
        return texts;
    }

    private Annotation ofRow(Columns columns) {
        List<String> fields = fields();
        if (fields.size() != columns.width) {
            throw invalid("has %d fields, the header %d", fields.size(), columns.width);
        }
        long onset = time(fields.get(columns.onset), "onset");
        long duration;
        if (columns.end < 0) {
            duration = parsed(SECONDS, fields.get(columns.duration), "duration in seconds");
        } else {
            try {
                duration = Math.subtractExact(time(fields.get(columns.end), "end"), onset);
            } catch (ArithmeticException e) {
                throw invalid("lasts longer than times can tell");
            }
        }
        return annotation(fields.get(columns.stream), onset, duration, fields.get(columns.text));
    }

    /** A date has a dash behind its year; a number of seconds has none but before it. */
    private long time(String text, String what) {
        boolean date = text.lastIndexOf('-') >= 4 && text.toLowerCase(Locale.ROOT).indexOf('e') < 0;
        return parsed(date ? ISO : SECONDS, text, what);
    }

    private long parsed(ToLongFunction<String> parser, String text, String what) {
        try {
            return parser.applyAsLong(text);
        } catch (DateTimeException e) {
            throw invalid("has '%s' as its %s, which cannot be read as one", text, what);
        }
    }

    private Annotation annotation(String stream, long onset, long duration, String text) {
        if (stream.isEmpty() || text.isEmpty()) {
            throw invalid("names no stream or has no text");
        }
        if (duration < 0) {
            throw invalid("ends before it begins");
        }
        try {
            Math.addExact(onset, duration);
        } catch (ArithmeticException e) {
            throw invalid("ends past the year 2262");
        }
        return new Annotation(stream, onset, duration, text);
    }

    private InvalidInputException invalid(String what, Object... values) {
        String sentence = String.format(Locale.ROOT, what, values);
        return new InvalidInputException(
                "annotations '%s': line %d %s"
                        .formatted(path, lines.mark().number(), sentence)
                        .replaceAll("\\p{Cntrl}", "?"));
    }
}
