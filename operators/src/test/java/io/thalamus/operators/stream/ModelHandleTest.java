/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.testing.LeakyMeanFactory;
import io.thalamus.operators.testing.NoEngine;
import io.thalamus.operators.testing.RemoteFileSystem;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelHandleTest {
    private static final ClassLoader LOADER = ModelHandleTest.class.getClassLoader();

    @TempDir Path folder;
    private Path bundle;
    private Path scratch;

    @BeforeEach
    void write() throws IOException {
        bundle = LeakyMeanFactory.writeBundle(folder.resolve("far/leaky"), 2, 6, 3, true);
        Files.writeString(bundle.resolve("README.md"), "a model");
        scratch = Files.createDirectory(folder.resolve("scratch"));
    }

    private static ModelHandle handle(String location) {
        return new ModelHandle(location, NoEngine.NAME);
    }

    @Test
    void aLocalFolderIsUsedAsItIs() throws Exception {
        for (String location : List.of(bundle.toString(), bundle.toUri().toString())) {
            try (StagedBundle staged = StagedBundle.of(location, scratch)) {
                assertThat(staged.bundle().folder()).isEqualTo(bundle);
                assertThat(filesIn(scratch)).isEmpty();
            }
            assertThat(filesIn(bundle)).containsExactlyInAnyOrder("config.json", "README.md");
        }
    }

    @Test
    void anyOtherFileSystemIsCopiedAndTheCopyDeleted() throws Exception {
        String location = RemoteFileSystem.SCHEME + "://" + bundle;
        try (StagedBundle staged = StagedBundle.of(location, scratch)) {
            assertThat(staged.bundle().name()).isEqualTo("leaky");
            assertThat(staged.bundle().folder()).startsWith(scratch);
            assertThat(filesIn(staged.bundle().folder()))
                    .containsExactlyInAnyOrder("config.json", "README.md");
        }
        assertThat(filesIn(scratch)).isEmpty();
        assertThat(filesIn(bundle)).hasSize(2);
    }

    @Test
    void aCopyThatSomeoneElseHasDeletedIsClosedInPeace() throws Exception {
        StagedBundle staged = StagedBundle.of(RemoteFileSystem.SCHEME + "://" + bundle, scratch);
        FileUtils.deleteDirectory(staged.folder().getParent().toFile());
        assertThatCode(staged::close).doesNotThrowAnyException();
    }

    @Test
    void tellsABundleOnAnyFileSystem() {
        for (String scheme : List.of("", "file://", RemoteFileSystem.SCHEME + "://")) {
            assertThat(StagedBundle.isBundle(scheme + bundle)).isTrue();
            assertThat(StagedBundle.isBundle(scheme + bundle.getParent())).isFalse();
            assertThat(StagedBundle.isBundle(scheme + bundle.resolve("config.json"))).isFalse();
            assertThat(StagedBundle.isBundle(scheme + bundle.resolve("none"))).isFalse();
        }
        assertThatThrownBy(() -> StagedBundle.isBundle("nowhere:///x"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("nowhere:///x cannot be read: ");
    }

    @Test
    void findsBundlesBelowAFolderInOrderOnAnyFileSystem() throws Exception {
        for (String bundle : List.of("b", "a/deep/er", "b/inner")) {
            Path made = Files.createDirectories(folder.resolve("set/" + bundle));
            Files.writeString(made.resolve("config.json"), "{}");
        }
        Files.createDirectories(folder.resolve("set/empty/config.json"));
        for (String scheme : List.of("", "file://", RemoteFileSystem.SCHEME + "://")) {
            String set = scheme + folder + "/set";
            assertThat(StagedBundle.bundlesIn(set + "/"))
                    .containsExactly(set + "/a/deep/er", set + "/b", set + "/b/inner");
            assertThat(StagedBundle.bundlesIn(set + "/b/inner")).containsExactly(set + "/b/inner");
            assertThatThrownBy(() -> StagedBundle.bundlesIn(set + "/empty"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("empty holds no bundle: there is no config.json in it");
            for (String none : List.of("/none", "/b/config.json")) {
                assertThatThrownBy(() -> StagedBundle.bundlesIn(set + none))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessage(
                                set + none + " is no folder: name a bundle or a folder of bundles");
            }
        }
        assertThatThrownBy(() -> StagedBundle.bundlesIn("nowhere:///x"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("nowhere:///x cannot be searched for bundles: ");
    }

    @Test
    void opensAndClosesWhatItHasStaged() throws Exception {
        OpenModel open = handle(RemoteFileSystem.SCHEME + "://" + bundle).open(LOADER, scratch);
        assertThat(open.model().signature().model()).isEqualTo("leaky");
        assertThat(filesIn(scratch)).hasSize(1);
        open.close();
        assertThat(filesIn(scratch)).isEmpty();
    }

    @Test
    void leavesNothingBehindWhenItCannotOpen() throws Exception {
        ModelHandle noEngine =
                new ModelHandle(RemoteFileSystem.SCHEME + "://" + bundle, "no such engine");
        assertThatThrownBy(() -> noEngine.open(LOADER, scratch))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("there is no engine no such engine");
        assertThat(filesIn(scratch)).isEmpty();
    }

    @Test
    void saysThatABundleIsNotThere() {
        String gone = folder.resolve("gone").toString();
        assertThatThrownBy(() -> handle("remote://" + gone).open(LOADER, scratch))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("remote://" + gone + " does not exist");
        assertThatThrownBy(() -> handle(gone).open(LOADER, scratch))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(gone);
        assertThatThrownBy(() -> handle("nowhere://" + gone).open(LOADER, scratch))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("nowhere");
    }

    private static List<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
