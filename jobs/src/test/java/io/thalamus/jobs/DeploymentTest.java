/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.jobs.spec.SourceSpec.KafkaSource;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.NettyShuffleEnvironmentOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.metrics.prometheus.PrometheusReporterFactory;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That what lies in {@code deploy} fits the code, the presets, and Flink. */
class DeploymentTest {
    private static final Path ROOT = Path.of("..");
    private static final Path DEPLOY = ROOT.resolve("deploy");
    private static final Path KUBERNETES = DEPLOY.resolve("kubernetes");
    private static final Path PRESETS = ROOT.resolve("pipelines");
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern COPY =
            Pattern.compile("^COPY --chown=9999:9999 (\\S+) (\\S+)$", Pattern.MULTILINE);

    /** Less heap than this is too little for windows, frames and Flink's own records. */
    private static final MemorySize LEAST_HEAP = MemorySize.ofMebiBytes(384);

    /** When this fails: run {@link Manifests#main} with the folders {@code pipelines deploy}. */
    @Test
    void everyPresetHasItsManifest() throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (Path file : manifests()) {
            found.put(file.getFileName().toString(), Files.readString(file));
        }
        assertThat(found).isEqualTo(Manifests.of(PRESETS, DEPLOY));
    }

    @Test
    void whatANetworkCarriesStaysOnTheHeap() throws IOException {
        assertThat(Files.readString(KUBERNETES.resolve("echo.yaml")))
                .contains("state.backend.type: hashmap", "taskmanager.memory.managed.size: 0m")
                .doesNotContain("rocksdb");
        assertThat(Files.readString(KUBERNETES.resolve("forecast.yaml")))
                .contains("state.backend.type: rocksdb");
    }

    static List<Path> manifests() throws IOException {
        try (Stream<Path> files = Files.list(KUBERNETES)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void aManifestStartsAJobThatCanRun(Path manifest) throws Exception {
        JsonNode root = YAML.readTree(Files.readString(manifest));
        JsonNode job = root.at("/spec/job");
        assertThat(job.path("entryClass").asText()).isEqualTo(PipelineJob.class.getName());
        assertThat(root.at("/spec/podTemplate/spec/securityContext/runAsNonRoot").asBoolean())
                .isTrue();
        assertThat(imageFiles()).contains(job.path("jarURI").asText().replace("local://", ""));

        PipelineSpec spec = load(texts(job.path("args")));
        assertThat(spec.source()).isInstanceOf(KafkaSource.class);

        Configuration settings = new Configuration();
        root.at("/spec/flinkConfiguration")
                .properties()
                .forEach(e -> settings.setString(e.getKey(), e.getValue().asText()));
        assertThat(settings.toMap())
                .containsEntry("pipeline.auto-generate-uids", "false")
                .containsEntry("pipeline.generic-types", "false");
        settings.setString(
                TaskManagerOptions.TOTAL_PROCESS_MEMORY.key(),
                root.at("/spec/taskManager/resource/memory").asText());
        check(settings, spec.model().isPresent());
    }

    @Test
    void theComposedSystemRunsAPreset() throws Exception {
        JsonNode root = YAML.readTree(Files.readString(DEPLOY.resolve("docker-compose.yml")));
        List<String> command = texts(root.at("/services/jobmanager/command"));
        assertThat(command)
                .startsWith("standalone-job", "--job-classname", PipelineJob.class.getName());
        PipelineSpec spec = load(command.subList(3, command.size()));
        String topics = root.at("/services/topics/command").toString();
        assertThat(topics)
                .contains("--topic " + ((KafkaSource) spec.source()).topic() + " ")
                .contains("--topic forecasts ")
                .contains("--topic frames.dlq ");

        JsonNode properties =
                YAML.readTree(root.at("/x-flink/environment/FLINK_PROPERTIES").asText());
        Configuration settings = new Configuration();
        properties.properties().forEach(e -> settings.setString(e.getKey(), e.getValue().asText()));
        check(settings, true);
        for (String name : List.of("kafka", "topics", "jobmanager", "prometheus", "grafana")) {
            JsonNode service = root.path("services").path(name);
            String image =
                    service.has("image")
                            ? service.path("image").asText()
                            : root.at("/x-flink/image").asText();
            assertThat(image).as(name).matches(".+:v?\\d+(\\.\\d+)+");
        }
        assertThat(DEPLOY.resolve(root.at("/configs/dashboard/file").asText())).exists();
        root.path("configs")
                .forEach(
                        one -> {
                            if (one.has("content")) {
                                assertThat(parsed(one.path("content").asText()).isObject())
                                        .isTrue();
                            }
                        });
    }

    @Test
    void theImageIsMadeOfWhatTheBuildLeavesAndRunsWithoutRoot() throws IOException {
        String text = Files.readString(DEPLOY.resolve("Dockerfile"));
        List<String> ignored = Files.readAllLines(ROOT.resolve(".dockerignore"));
        List<MatchResult> copies = COPY.matcher(text).results().toList();
        assertThat(copies).hasSize(text.split("\nCOPY ", -1).length - 1).isNotEmpty();
        for (MatchResult copy : copies) {
            String source = copy.group(1).replaceAll("/$", "");
            assertThat(ignored).contains("!" + source);
            if (!source.startsWith(
                    "jobs/target/")) { // that the build leaves those, JobJarITCase says
                assertThat(ROOT.resolve(source)).exists();
            }
        }
        assertThat(text.lines().filter(line -> line.startsWith("USER ")))
                .containsExactly("USER 9999:9999");
    }

    private static JsonNode parsed(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (IOException e) {
            throw new AssertionError(yaml, e);
        }
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** The files that the image has from us, one by one or as folders. */
    private static List<String> imageFiles() throws IOException {
        List<String> files = new ArrayList<>();
        for (MatchResult copy :
                COPY.matcher(Files.readString(DEPLOY.resolve("Dockerfile"))).results().toList()) {
            Path source = Path.of(copy.group(1));
            files.add(
                    copy.group(1).endsWith("/")
                            ? copy.group(2)
                            : copy.group(2) + source.getFileName());
        }
        return files;
    }

    /** Reads the pipeline as the job does, but from the checkout that the image is made of. */
    private static PipelineSpec load(List<String> arguments) throws IOException {
        assertThat(arguments.get(0)).isEqualTo("--pipeline");
        assertThat(arguments.get(1)).startsWith(Manifests.IN_IMAGE);
        assertThat(imageFiles()).contains(Manifests.IN_IMAGE);
        List<String> overrides = new ArrayList<>();
        for (int i = 2; i < arguments.size(); i += 2) {
            assertThat(arguments.get(i)).isEqualTo("--set");
            overrides.add(arguments.get(i + 1));
        }
        String file = arguments.get(1).substring(Manifests.IN_IMAGE.length());
        return PipelineSpec.load(PRESETS.resolve(file), overrides);
    }

    private static void check(Configuration settings, boolean hasModel) throws Exception {
        Set<String> known = knownKeys();
        assertThat(known).hasSizeGreaterThan(300);
        assertThat(settings.keySet())
                .filteredOn(key -> !key.startsWith("metrics.reporter."))
                .isSubsetOf(known);
        Configuration reporter = MetricOptions.forReporter(settings, "prom");
        assertThat(reporter.get(MetricOptions.REPORTER_FACTORY_CLASS))
                .isEqualTo(PrometheusReporterFactory.class.getName());

        assertThat(
                        settings.getOptional(
                                NettyShuffleEnvironmentOptions
                                        .NETWORK_READ_MAX_REQUIRED_BUFFERS_PER_GATE))
                .as("channels have no buffers of their own, see docs/decisions.md")
                .contains(1);

        TaskExecutorProcessSpec memory = TaskExecutorProcessUtils.processSpecFromConfig(settings);
        assertThat(memory.getTaskHeapSize()).isGreaterThanOrEqualTo(LEAST_HEAP);
        assertThat(memory.getTaskOffHeapSize())
                .as("room for the engine, which Flink does not see")
                .isEqualTo(hasModel ? MemorySize.ofMebiBytes(768) : MemorySize.ZERO);
    }

    /** Every key that an option class of Flink's core and runtime declares. */
    private static Set<String> knownKeys() throws Exception {
        Set<String> keys = new TreeSet<>();
        Path core =
                Path.of(
                        ConfigOption.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        try (JarFile jar = new JarFile(core.toFile())) {
            for (JarEntry entry : jar.stream().toList()) {
                if (!entry.getName()
                        .matches("org/apache/flink/configuration/\\w+Options\\.class")) {
                    continue;
                }
                String name = entry.getName().replace('/', '.').replaceAll("\\.class$", "");
                for (Field field : Class.forName(name).getFields()) {
                    if (field.getType() == ConfigOption.class) {
                        keys.add(((ConfigOption<?>) field.get(null)).key());
                    }
                }
            }
        }
        return keys;
    }
}
