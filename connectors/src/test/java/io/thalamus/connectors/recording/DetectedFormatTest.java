/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.PcmEncoding;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectedFormatTest {
    private static final DetectedFormat FORMAT =
            DetectedFormat.of(RecordingOptions.defaults()).or(new CsvFormat(CsvOptions.defaults()));
    private static final byte[] WAV = WavFile.of(PcmEncoding.S16LE, 1, 8000, new byte[8]).bytes();
    private static final byte[] FLAC =
            new FlacEncoder(new FlacStreamInfo(16, 8000, 1, 16, 0), false, new Random(1)).head();
    private static final byte[] EDF = EdfFile.edf("").signal("a", 1).record(new int[1]).bytes();
    private static final byte[] XDF = XdfFile.random(new Random(1), 1).bytes();
    private static final byte[] AVRO = AvroFile.random(new Random(1), 1);
    private static final byte[] CSV =
            "t,a\n2020-01-01,1\n2020-01-02,2\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir Path folder;

    @Test
    void theFirstBytesTellTheFormatWhateverTheName() throws IOException {
        assertThat(formatOf("s.wav", WAV)).startsWith("WAV");
        assertThat(formatOf("s.edf", WAV)).startsWith("WAV");
        assertThat(formatOf("s.wav", FLAC)).startsWith("FLAC");
        assertThat(formatOf("s", EDF)).isEqualTo("EDF");
        assertThat(formatOf("s.csv", EDF)).isEqualTo("EDF");
        assertThat(formatOf("s.edf", XDF)).isEqualTo("XDF");
        assertThat(formatOf("s.edf", AVRO)).isEqualTo("Avro");
        assertThat(formatOf("s.CSV", CSV)).isEqualTo("CSV");
    }

    @Test
    void otherwiseTheNameTellsWhichFormatRefusesIt() {
        assertThatThrownBy(() -> formatOf("s.wav", CSV))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is no WAV file");
        assertThatThrownBy(() -> formatOf("s.flac", CSV))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("does not begin with 'fLaC'");
        assertThatThrownBy(() -> formatOf("s.bdf", new byte[0]))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("ends at byte 0 within its header");
        assertThatThrownBy(() -> formatOf("s.doc", CSV))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "recording '"
                                + folder.resolve("s.doc")
                                + "' is no recording of a known kind: its first bytes and its name"
                                + " tell no format");
    }

    @Test
    void aFolderGivesTheFilesOfAllFormats() throws IOException {
        for (String name : List.of("a.wav", "b.edf", "c.csv", "d.png")) {
            Files.write(folder.resolve(name), name.equals("b.edf") ? EDF : WAV);
        }

        assertThat(RecordedSource.of(folder.toString(), FORMAT).describe())
                .extracting(RecordingDescription::name)
                .containsExactly("a", "b", "c");
    }

    private String formatOf(String name, byte[] bytes) throws IOException {
        return new Recording(FORMAT, Files.write(folder.resolve(name), bytes)).describe().format();
    }
}
