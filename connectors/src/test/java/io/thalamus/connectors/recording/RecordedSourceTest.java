/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedSourceTest {
    private static final CsvFormat FORMAT = new CsvFormat(CsvOptions.defaults());

    @TempDir Path folder;

    @BeforeEach
    void writeRecordings() throws IOException {
        for (String name :
                List.of(
                        "load.csv",
                        "other.CSV",
                        "notes.md",
                        ".hidden.csv",
                        "north/a1.csv",
                        "north/a2.csv",
                        "south/b1.csv",
                        "south/[odd].csv")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "t,a\n2020-01-01,1\n2020-01-02,2\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "load.csv|load",
                "|load other",
                "/|load other",
                "*.csv|load",
                "l*|load",
                "n*|notes",
                "notes.md|notes",
                "north|a1 a2",
                "*/a?.csv|a1 a2",
                "*/{a,b}1.csv|a1 b1",
                "*th/*[2-9].csv|a2",
                "south/[odd].csv|[odd]",
            })
    void aPathIsAFileAFolderOrAGlob(String path, String streams) throws IOException {
        String whole = folder + "/" + (path == null ? "" : path);

        assertThat(RecordedSource.of(whole, FORMAT).describe())
                .extracting(RecordingDescription::name)
                .containsExactly(streams.split(" "));
        assertThat(RecordedSource.of("file://" + whole, FORMAT).describe())
                .extracting(RecordingDescription::name)
                .containsExactly(streams.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"absent.csv", "*.wav", "absent/*.csv", "load.csv/*"})
    void aPathWithoutRecordingsIsSaidInOneSentence(String path) {
        assertInvalid(
                RecordedSource.of(folder + "/" + path, FORMAT),
                "no recording was found at '"
                        + folder
                        + "/"
                        + path
                        + "': name a file, a folder or a glob");
    }

    @Test
    void anUnknownFileSystemIsSaidInOneSentence() {
        assertThatThrownBy(RecordedSource.of("nowhere://bucket/a.csv", FORMAT)::describe)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(
                        "the path 'nowhere://bucket/a.csv' names no file system that is available"
                                + " here: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"south", "south/*.csv", "*/*.csv"})
    void whatIsFoundInAFolderDoesNotLeadOutOfIt(String path) throws IOException {
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "root:x:0:0");
        Files.createSymbolicLink(folder.resolve("south/link.csv"), elsewhere);

        assertInvalid(
                RecordedSource.of(folder + "/" + path, FORMAT),
                folder + "/south/link.csv leads out of its folder: put the file itself there");
    }

    @Test
    void twoRecordingsAreNeverOneStream() throws IOException {
        Files.copy(folder.resolve("north/a1.csv"), folder.resolve("south/a1.csv"));

        assertThatThrownBy(RecordedSource.of(folder + "/*/*1.csv", FORMAT)::describe)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageMatching(
                        "'.*/north/a1.csv' and '.*/south/a1.csv' would both be the stream 'a1':"
                                + " rename one of them");
    }

    @Test
    void travelsToItsReaders() throws Exception {
        RecordedSource source =
                RecordedSource.of(folder + "/load.csv", FORMAT).withPacing(new Pacing(2));

        RecordedSource copy = InstantiationUtil.clone(source);

        assertThat(copy.describe()).isEqualTo(source.describe());
    }

    @Test
    void splitsAndCheckpointsSurviveSerialisation() throws IOException {
        RecordingSplit started = new RecordingSplit("s3://b/a.csv", "a", new byte[] {1, 0, -1});
        RecordingSplit whole = RecordingSplit.whole("/b.csv", "b");
        UnassignedRecordings unassigned = new UnassignedRecordings(true, List.of(started, whole));

        assertThat(copy(new RecordingSplitSerializer(), started)).isEqualTo(started);
        assertThat(copy(new RecordingSplitSerializer(), whole)).isEqualTo(whole);
        assertThat(copy(new UnassignedRecordingsSerializer(), unassigned)).isEqualTo(unassigned);
        assertThatThrownBy(() -> new RecordingSplitSerializer().deserialize(2, new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessage("recording split of unknown version 2");
        assertThatThrownBy(() -> new UnassignedRecordingsSerializer().deserialize(0, new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessage("unassigned recordings of unknown version 0");
        assertThatThrownBy(() -> CsvPosition.decode(new byte[] {9}))
                .isInstanceOf(IOException.class)
                .hasMessage("position in a CSV file of unknown version 9 with 1 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "NaN", "fast", ""})
    void anImpossiblePaceIsSaidInOneSentence(String speed) {
        assertThatThrownBy(() -> Pacing.parse(speed))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("give max, 1 for real time, or a factor");
    }

    @Test
    void aPaceIsMaxOrAFactor() {
        assertThat(Pacing.parse("max")).isEqualTo(Pacing.MAX);
        assertThat(Pacing.parse("60")).isEqualTo(new Pacing(60));
    }

    private static <T> T copy(SimpleVersionedSerializer<T> serializer, T value) throws IOException {
        return serializer.deserialize(serializer.getVersion(), serializer.serialize(value));
    }

    private static void assertInvalid(RecordedSource source, String message) {
        assertThatThrownBy(source::describe)
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(message);
    }
}
