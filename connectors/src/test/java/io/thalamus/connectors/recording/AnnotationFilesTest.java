/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnotationFilesTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir private Path folder;

    @Test
    void readsWhatTheAnnotationsSinkWrites() throws IOException {
        String line =
                """
                {"type":"Annotation","streamId":"pump","onset":"1970-01-01T00:00:02Z",\
                "onsetNanos":2000000000,"durationNanos":500,"text":"idle, \\"cold\\""}
                """;

        assertThat(read("labels.jsonl", line + "\n" + line))
                .containsExactly(
                        new Annotation("pump", 2 * SECOND, 500, "idle, \"cold\""),
                        new Annotation("pump", 2 * SECOND, 500, "idle, \"cold\""));
    }

    @Test
    void readsRowsWithDurationsOrEndsInAnyOrderOfColumns() throws IOException {
        assertThat(
                        read(
                                "labels.csv",
                                """
                                \uFEFFstream,onset,duration,text
                                pump,2,1.5,"idle, cold"

                                pump,1970-01-01T00:00:03.5Z,0,bang
                                pump,-1.5e1,1,early
                                """))
                .containsExactly(
                        new Annotation("pump", 2 * SECOND, 3 * SECOND / 2, "idle, cold"),
                        new Annotation("pump", 7 * SECOND / 2, 0, "bang"),
                        new Annotation("pump", -15 * SECOND, SECOND, "early"));
        assertThat(
                        read(
                                "ends.csv",
                                "text,end,onset,stream\nidle,1970-01-01 00:01,1970-01-01,pump\n"))
                .containsExactly(new Annotation("pump", 0, 60 * SECOND, "idle"));
    }

    @Test
    void readsTheFilesOfAFolderInTheOrderOfTheirNames() throws IOException {
        read("b.csv", "stream,onset,duration,text\ns,2,1,b\n");
        Files.writeString(folder.resolve(".hidden.csv"), "nonsense");
        Files.writeString(folder.resolve("notes.txt"), "nonsense");
        read("empty.csv", "");
        read("a.csv", "stream,onset,duration,text\ns,5,1,a\n");

        assertThat(AnnotationFiles.read(new org.apache.flink.core.fs.Path(folder.toString())))
                .extracting(Annotation::text)
                .containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stream,onset,text_s,1,x | line 1 has the columns [stream, onset, text]",
                "stream,onset,duration,end,text_s,1,1,1,x | line 1 has the columns",
                "stream,onset,duration,text_s,1,1 | line 2 has 3 fields, the header 4",
                "stream,onset,duration,text_s,soon,1,x | line 2 has 'soon' as its onset",
                "stream,onset,duration,text_s,2020-02-30,1,x | line 2 has '2020-02-30' as its"
                        + " onset",
                "stream,onset,duration,text_s,1,long,x | line 2 has 'long' as its duration",
                "stream,onset,duration,text_s,1,-1,x | line 2 ends before it begins",
                "stream,onset,end,text_s,2,1,x | line 2 ends before it begins",
                "stream,onset,duration,text_s,9e9,9e9,x | line 2 ends past the year 2262",
                "stream,onset,end,text_s,-9e9,9e9,x | line 2 lasts longer than times can tell",
                "stream,onset,duration,text_,1,1,x | line 2 names no stream",
                "stream,onset,duration,text_s,1,1,\"x | line 2 has a broken quote",
                "{\"streamId\":\"s\"_ | line 1 is no JSON object",
                "{\"streamId\":\"s\",\"onsetNanos\":1.5}_ | line 1 has no whole number"
                        + " 'onsetNanos'",
                "{\"streamId\":7}_ | line 1 has no text 'streamId'",
                "{}{} | line 1 is no JSON object",
            })
    void saysWhichLineIsNoAnnotation(String text, String reason) {
        assertThatThrownBy(() -> read("labels.csv", text.replace('_', '\n')))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("labels.csv': " + reason);
    }

    @Test
    void aLineOrAFileOfAnySizeIsRefusedWithoutReadingItAll() {
        assertThatThrownBy(() -> read("long.csv", "{" + " ".repeat(1 << 20) + "}"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("line 1 has more than 1 MiB");
        assertThatThrownBy(
                        () ->
                                read(
                                        "many.csv",
                                        "stream,onset,duration,text\n"
                                                + "s,1,1,x\n".repeat(AnnotationFiles.MOST + 1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("line 1000002 is one too many");
    }

    @Test
    void saysThatAFileIsNotThere() {
        assertThatThrownBy(
                        () ->
                                AnnotationFiles.read(
                                        new org.apache.flink.core.fs.Path(
                                                folder.resolve("none.csv").toString())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("none.csv' cannot be read");
    }

    private List<Annotation> read(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        return AnnotationFiles.read(new org.apache.flink.core.fs.Path(file.toString()));
    }
}
