/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the packaged job jar and the folders beside it hold. */
class JobJarITCase {
    private static final Path TARGET = Path.of("target");

    /** All that a cluster must not get twice, or must get from its lib folder. */
    private static final List<String> FOREIGN =
            List.of(
                    "ai/djl/",
                    "com/sun/jna/",
                    "org/slf4j/",
                    "org/apache/logging/",
                    "org/apache/log4j/",
                    "org/junit/",
                    "junit/");

    @Test
    void theJobJarHoldsNeitherFlinkNorAnEngineNorLogging() throws IOException {
        try (JarFile jar = new JarFile(TARGET.resolve("thalamus-jobs.jar").toFile())) {
            Set<String> packages = packages(jar);

            assertThat(packages)
                    .contains("io/thalamus/jobs/", "picocli/", "org/apache/avro/")
                    .noneMatch(name -> FOREIGN.stream().anyMatch(name::startsWith));
            // Connector and Avro are no part of Flink's own distribution; these are their packages.
            assertThat(packages)
                    .filteredOn(name -> name.startsWith("org/apache/flink/"))
                    .allMatch(
                            name ->
                                    name.startsWith("org/apache/flink/connector/kafka/")
                                            || name.startsWith("org/apache/flink/formats/avro/")
                                            || name.startsWith(
                                                    "org/apache/flink/streaming/connectors/kafka/")
                                            || name.equals(
                                                    "org/apache/flink/streaming/util/serialization/"));
            assertThat(jar.stream().map(Object::toString))
                    .noneMatch(name -> name.matches("META-INF/.*\\.(SF|DSA|RSA)"));
        }
    }

    @Test
    void theJobJarKeepsEveryServiceOfItsParts() throws IOException {
        assertThat(services("io.thalamus.operators.inference.ModelFactory"))
                .contains("io.thalamus.models.timeseries.timesnet.TimesNetFactory");
        assertThat(services("io.thalamus.operators.inference.GraphEngineFactory"))
                .hasSizeGreaterThan(1);
    }

    @Test
    void theFoldersBesideItHoldTheRest() throws IOException {
        assertThat(jars("engine"))
                .anyMatch(name -> name.startsWith("api-"))
                .anyMatch(name -> name.startsWith("mxnet-engine-"))
                .anyMatch(name -> name.startsWith("mxnet-native-mkl-"))
                .anyMatch(name -> name.startsWith("jna-"))
                .noneMatch(name -> name.startsWith("flink-") || name.startsWith("log4j-"));
        assertThat(jars("flink"))
                .anyMatch(name -> name.startsWith("flink-runtime-"))
                .anyMatch(name -> name.startsWith("flink-clients-"))
                .anyMatch(name -> name.startsWith("slf4j-api-"))
                .anyMatch(name -> name.startsWith("log4j-core-"))
                .noneMatch(name -> name.startsWith("mxnet") || name.startsWith("junit"));
    }

    private static Set<String> packages(JarFile jar) {
        Set<String> packages = new TreeSet<>();
        jar.stream()
                .map(Object::toString)
                .filter(name -> name.endsWith(".class") && name.contains("/"))
                .map(name -> name.replaceFirst("META-INF/versions/\\d+/", ""))
                .filter(name -> name.contains("/"))
                .forEach(name -> packages.add(name.substring(0, name.lastIndexOf('/') + 1)));
        return packages;
    }

    private static List<String> services(String type) throws IOException {
        try (JarFile jar = new JarFile(TARGET.resolve("thalamus-jobs.jar").toFile())) {
            byte[] content =
                    jar.getInputStream(jar.getEntry("META-INF/services/" + type)).readAllBytes();
            return new String(content, StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static List<String> jars(String folder) throws IOException {
        try (Stream<Path> files = Files.list(TARGET.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
