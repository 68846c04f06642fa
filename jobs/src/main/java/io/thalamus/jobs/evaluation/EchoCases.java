/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Calls with echo in a folder: {@code metadata.csv}, a row for each with the columns {@code case},
 * {@code scenario}, {@code near_start_s}, {@code near_end_s} and {@code path_change_s} among
 * others, and a folder for each, named as the case.
 */
public final class EchoCases {
    private static final String LIST = "metadata.csv";
    private static final List<String> CHANNELS = List.of("microphone", "far-end");

    private final List<EchoCase> cases;

    private EchoCases(List<EchoCase> cases) {
        this.cases = cases;
    }

    /** Whether a folder holds such calls. */
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(LIST));
    }

    /**
     * Reads the list of the cases.
     *
     * @throws InvalidInputException if it is not right
     */
    public static EchoCases in(Path folder) throws IOException {
        Path list = folder.resolve(LIST);
        List<String> lines = Files.readAllLines(list);
        List<String> columns = lines.isEmpty() ? List.of() : fields(lines.get(0));
        List<EchoCase> cases = new ArrayList<>();
        for (int line = 1; line < lines.size(); line++) {
            if (!lines.get(line).isBlank()) {
                cases.add(new Row(list, line + 1, columns, fields(lines.get(line))).read(folder));
            }
        }
        if (cases.isEmpty()) {
            throw new InvalidInputException("'%s' lists no case".formatted(list));
        }
        return new EchoCases(cases);
    }

    private static List<String> fields(String line) {
        return Arrays.stream(line.split(",", -1)).map(String::strip).toList();
    }

    private record Row(Path list, int line, List<String> columns, List<String> fields) {

        EchoCase read(Path folder) {
            if (fields.size() != columns.size()) {
                throw invalid("has %d fields, the header %d", fields.size(), columns.size());
            }
            String name = field("case");
            if (name.isEmpty() || field("scenario").isEmpty()) {
                throw invalid("has no case or no scenario");
            }
            OptionalDouble nearStart = seconds("near_start_s");
            OptionalDouble nearEnd = seconds("near_end_s");
            boolean ordered =
                    nearStart.isEmpty()
                            || nearEnd.isPresent()
                                    && nearStart.getAsDouble() < nearEnd.getAsDouble();
            if (!ordered) {
                throw invalid("has no near_end_s after its near_start_s");
            }
            return new EchoCase(
                    name,
                    field("scenario"),
                    folder.resolve(name),
                    nearStart,
                    nearEnd,
                    seconds("path_change_s"));
        }

        private String field(String column) {
            int at = columns.indexOf(column);
            if (at < 0) {
                throw invalid("has no %s: the header names no such column", column);
            }
            return fields.get(at);
        }

        /** Empty where it does not apply. */
        private OptionalDouble seconds(String column) {
            String text = field(column);
            if (text.isEmpty()) {
                return OptionalDouble.empty();
            }
            try {
                double seconds = Double.parseDouble(text);
                if (seconds >= 0 && seconds < Integer.MAX_VALUE) {
                    return OptionalDouble.of(seconds);
                }
            } catch (NumberFormatException e) {
                throw invalid("has '%s' as %s, which is no number of seconds", text, column);
            }
            throw invalid("has '%s' as %s; give seconds from 0 on", text, column);
        }

        private InvalidInputException invalid(String what, Object... values) {
            return new InvalidInputException(
                    "'%s': line %d %s".formatted(list, line, what.formatted(values)));
        }
    }

    /**
     * Writes each case as a recording of two channels, {@code microphone} and {@code far-end},
     * named as the case.
     */
    public void record(Path folder) throws IOException {
        for (EchoCase one : cases) {
            MonoRecording microphone = microphone(one);
            MonoRecording farEnd = farEnd(one, microphone);
            played(one, microphone)
                    .record(folder, CHANNELS, List.of(microphone.samples(), farEnd.samples()));
        }
    }

    /**
     * Compares what came of the cases with what is known of them.
     *
     * @param came frames whose first channel is the microphone without echo
     * @throws InvalidInputException if nothing came of a case
     */
    public List<EchoScore> compare(List<SignalFrame> came) throws IOException {
        Map<String, List<SignalFrame>> byStream =
                came.stream().collect(Collectors.groupingBy(SignalFrame::streamId));
        List<EchoScore> scores = new ArrayList<>();
        for (EchoCase one : cases) {
            MonoRecording microphone = microphone(one);
            scores.add(
                    EchoScore.of(
                            one,
                            microphone,
                            farEnd(one, microphone),
                            played(one, microphone)
                                    .outcome(
                                            byStream.getOrDefault(one.name(), List.of()),
                                            microphone.samples())));
        }
        return scores;
    }

    private static PlayedStream played(EchoCase one, MonoRecording microphone) {
        return new PlayedStream(one.name(), microphone.rate(), microphone.length());
    }

    private static MonoRecording microphone(EchoCase one) throws IOException {
        return MonoRecording.read(one.folder().resolve("mic.wav"));
    }

    private static MonoRecording farEnd(EchoCase one, MonoRecording microphone) throws IOException {
        MonoRecording farEnd = MonoRecording.read(one.folder().resolve("far.wav"));
        microphone.requireLike(farEnd);
        return farEnd;
    }
}
