/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InnerFileTest {
    @TempDir private Path parent;
    private Path folder;

    @BeforeEach
    void fill() throws IOException {
        folder = Files.createDirectory(parent.resolve("bundle"));
        Files.writeString(parent.resolve("secret"), "secret");
        Files.createDirectory(folder.resolve("..data"));
        Files.writeString(folder.resolve("..data/config.json"), "{}");
        Files.createSymbolicLink(folder.resolve("config.json"), Path.of("..data/config.json"));
        Files.createSymbolicLink(folder.resolve("relative"), Path.of("../secret"));
        Files.createSymbolicLink(folder.resolve("absolute"), parent.resolve("secret"));
        Files.createSymbolicLink(folder.resolve("twice"), Path.of("relative"));
    }

    @Test
    void givesWhatLiesInTheFolderAndWhatIsNotThere() {
        assertThat(InnerFile.of(folder, "config.json")).hasContent("{}");
        assertThat(InnerFile.of(folder, "none")).isEqualTo(folder.resolve("none"));
    }

    @Test
    void takesAFolderThatIsALinkItself() throws IOException {
        Path link = Files.createSymbolicLink(parent.resolve("newest"), folder);
        assertThat(InnerFile.of(link, "config.json")).hasContent("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative", "absolute", "twice", "../secret", "../none", "/etc/passwd"})
    void refusesWhatLeadsOutOfIt(String name) {
        assertThatThrownBy(() -> InnerFile.of(folder, name))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageEndingWith("leads out of its folder: put the file itself there");
    }
}
