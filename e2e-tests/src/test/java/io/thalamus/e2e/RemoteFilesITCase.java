/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.kafka.EmbeddedKafka;
import io.thalamus.operators.testing.RemoteFileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.apache.flink.core.fs.FileSystemFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Recordings and bundles on a file system that comes, as that of S3 does, as a plugin of Flink. */
class RemoteFilesITCase {
    @RegisterExtension static final EmbeddedKafka KAFKA = new EmbeddedKafka();

    private static final String REMOTE = RemoteFileSystem.SCHEME + "://";

    @TempDir private static Path folder;

    @BeforeAll
    static void installPlugin() throws IOException {
        Path jar = Files.createDirectories(folder.resolve("plugins/remote")).resolve("remote.jar");
        String service = "META-INF/services/" + FileSystemFactory.class.getName();
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            entries.putNextEntry(new ZipEntry(service));
            String factory = RemoteFileSystem.Factory.class.getName();
            entries.write(factory.getBytes(StandardCharsets.UTF_8));
            for (Class<?> type : List.of(RemoteFileSystem.class, RemoteFileSystem.Factory.class)) {
                String name = type.getName().replace('.', '/') + ".class";
                entries.putNextEntry(new ZipEntry(name));
                try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
                    in.transferTo(entries);
                }
            }
        }
    }

    @Test
    void inspectsRecordingsAndBundles() throws Exception {
        String recordings = REMOTE + Checkout.ROOT.resolve("pipelines/recordings");

        assertThat(succeeds("inspect", recordings + "/load.csv"))
                .contains("/load.csv\n", "samples       4,255");
        assertThat(succeeds("inspect", recordings + "/l*[a-d].csv")).contains("stream        load");
        assertThat(succeeds("inspect", REMOTE + Checkout.BUNDLE))
                .contains("bundle        " + REMOTE + Checkout.BUNDLE, "parameters    685,479");
    }

    @Test
    void verifiesBundles() throws Exception {
        assertThat(succeeds("verify", REMOTE + Checkout.BUNDLE.getParent()))
                .contains("ok      " + REMOTE + Checkout.BUNDLE + " (timesnet, mxnet)");
    }

    @Test
    void validatesAndRunsPipelinesOnThem() throws Exception {
        List<String> settings =
                List.of(
                        Checkout.FORECAST.toString(),
                        "--set",
                        "source.path=" + REMOTE + Checkout.ROOT + "/pipelines/recordings/load.csv",
                        "--set",
                        "model.bundle=" + REMOTE + Checkout.BUNDLE,
                        "--set",
                        "window.hop=480",
                        "--set",
                        "sink.path=" + folder.resolve("out"),
                        "--set",
                        "dead-letters.path=" + folder.resolve("refused"));

        assertThat(succeeds("validate", settings)).contains("is right: pipeline forecast");
        assertThat(succeeds("run", settings)).contains("samples       4,255");
    }

    @Test
    void replaysThem() throws Exception {
        KAFKA.createTopic("remote", 1);

        String told =
                succeeds(
                        "replay",
                        REMOTE + Checkout.ROOT + "/pipelines/recordings/load.csv",
                        "--speed",
                        "max",
                        "--to",
                        "remote",
                        "--bootstrap",
                        KAFKA.bootstrapServers());

        assertThat(told).contains("frames        %d in".formatted(KAFKA.written("remote").size()));
        assertThat(KAFKA.written("remote")).isNotEmpty();
    }

    @Test
    void saysWhatIsNotThere() throws Exception {
        Launcher.Outcome outcome = thalamus("inspect", List.of("nowhere:///x.wav"));

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("nowhere:///x.wav", "'nowhere'"));

        outcome = thalamus("inspect", List.of(REMOTE + "/none/x.wav"));
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .singleElement()
                .satisfies(
                        line ->
                                assertThat(line)
                                        .startsWith(
                                                "thalamus: no recording was found at"
                                                        + " 'remote:///none/x.wav'"));
    }

    private static String succeeds(String command, String... arguments) throws Exception {
        return succeeds(command, List.of(arguments));
    }

    private static String succeeds(String command, List<String> arguments) throws Exception {
        Launcher.Outcome outcome = thalamus(command, arguments);
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        return outcome.out();
    }

    private static Launcher.Outcome thalamus(String command, List<String> arguments)
            throws Exception {
        List<String> words = new ArrayList<>();
        words.add("env");
        words.add("FLINK_PLUGINS_DIR=" + folder.resolve("plugins"));
        words.add(Checkout.ROOT.resolve("thalamus").toString());
        words.add(command);
        words.addAll(arguments);
        return Launcher.run(folder, words);
    }
}
