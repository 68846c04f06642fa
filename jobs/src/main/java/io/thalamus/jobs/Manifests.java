/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The manifests for Flink's Kubernetes operator, one for each preset: the preset as it is, but from
 * a topic to topics, as a cluster has neither our recordings' end nor a folder for results.
 */
final class Manifests {
    /** Where the image has the presets. */
    static final String IN_IMAGE = "/opt/thalamus/pipelines/";

    private static final String TOPIC_IN =
            "{type: kafka, bootstrap: 'kafka:9092', topic: %1$s-frames, group: %1$s}";
    private static final String TOPIC_OUT =
            "{type: kafka, bootstrap: 'kafka:9092', topic: %1$s, transactional-id-prefix: %1$s}";

    private static final String STATE_ON_DISK = "state.backend.type: rocksdb";

    /** What a network carries changes as a whole with each window: it stays on the heap. */
    private static final List<String> STATE_ON_HEAP =
            List.of("state.backend.type: hashmap", "taskmanager.memory.managed.size: 0m");

    private static final String TEMPLATE =
            """
# SPDX-License-Identifier: Apache-2.0
# Written by io.thalamus.jobs.Manifests; see docs/deployment.md for what to adapt.
apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata:
  name: thalamus-NAME
spec:
  image: thalamus:0.1.0
  flinkVersion: v2_2
  serviceAccount: flink
  flinkConfiguration:
    taskmanager.numberOfTaskSlots: "2"
    taskmanager.memory.task.off-heap.size: OFF_HEAP
STATE
    execution.checkpointing.interval: 10s
    execution.checkpointing.dir: s3://thalamus/NAME/checkpoints
    execution.checkpointing.savepoint-dir: s3://thalamus/NAME/savepoints
    execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION
    high-availability.type: kubernetes
    high-availability.storageDir: s3://thalamus/NAME/ha
    restart-strategy.type: exponential-delay
    pipeline.auto-generate-uids: "false"
    pipeline.generic-types: "false"
    pipeline.max-parallelism: "128"
    classloader.parent-first-patterns.additional: ai.djl.;com.sun.jna.
    taskmanager.network.memory.read-buffer.required-per-gate.max: "1"
    metrics.reporters: prom
    metrics.reporter.prom.factory.class: org.apache.flink.metrics.prometheus.PrometheusReporterFactory
    metrics.reporter.prom.port: "9249"
  logConfiguration:
    log4j-console.properties: |
LOG_CONFIGURATION
  podTemplate:
    spec:
      securityContext: {runAsNonRoot: true, runAsUser: 9999, runAsGroup: 9999, fsGroup: 9999}
      containers:
        - name: flink-main-container
          env:
            - {name: ENABLE_BUILT_IN_PLUGINS, value: flink-s3-fs-presto-2.2.1.jar}
          ports:
            - {name: metrics, containerPort: 9249}
          securityContext: {allowPrivilegeEscalation: false}
          volumeMounts:
            - {name: kafka, mountPath: /run/secrets/kafka, readOnly: true}
      volumes:
        - {name: kafka, secret: {secretName: kafka, optional: true}}
  jobManager:
    resource: {memory: 2048m, cpu: 1}
  taskManager:
    resource: {memory: TASK_MEMORY, cpu: 2}
  job:
    jarURI: local:///opt/flink/usrlib/thalamus-jobs.jar
    entryClass: io.thalamus.jobs.PipelineJob
    args:
ARGUMENTS
    parallelism: 2
    upgradeMode: savepoint
""";

    private Manifests() {}

    /** Writes the files: {@code Manifests pipelines deploy}. */
    public static void main(String[] arguments) throws IOException {
        Path deploy = Path.of(arguments[1]);
        for (Map.Entry<String, String> manifest : of(Path.of(arguments[0]), deploy).entrySet()) {
            Files.writeString(
                    deploy.resolve("kubernetes").resolve(manifest.getKey()), manifest.getValue());
        }
    }

    /**
     * Each manifest's file name and text.
     *
     * @param presets the folder of the pipelines
     * @param deploy the folder that has the image's configuration of logs
     */
    static Map<String, String> of(Path presets, Path deploy) throws IOException {
        String logs =
                indented(Files.readAllLines(deploy.resolve("log4j-console.properties")), "      ");
        Map<String, String> manifests = new TreeMap<>();
        try (Stream<Path> files = Files.list(presets)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                manifests.put(file.getFileName().toString(), manifest(file, logs));
            }
        }
        return manifests;
    }

    private static String manifest(Path file, String logs) throws IOException {
        JsonNode preset = new YAMLMapper().readTree(Files.readString(file));
        String name = preset.path("name").asText();
        List<String> lines = new ArrayList<>();
        List.of("--pipeline", IN_IMAGE + file.getFileName()).forEach(a -> lines.add("- " + a));
        for (String setting : settings(name, preset)) {
            lines.add("- --set");
            lines.add("- \"" + setting + "\"");
        }
        boolean hasModel = preset.has("model");
        return TEMPLATE.replace("NAME", name)
                .replace("OFF_HEAP", hasModel ? "768m" : "0m")
                .replace("TASK_MEMORY", hasModel ? "4096m" : "2048m")
                .replace("STATE", indented(state(file, preset), "    "))
                .replace("LOG_CONFIGURATION", logs)
                .replace("ARGUMENTS", indented(lines, "      "));
    }

    private static List<String> state(Path file, JsonNode preset) {
        if (!preset.has("model")) {
            return List.of(STATE_ON_DISK);
        }
        ModelBundle bundle =
                ModelBundle.open(file.resolveSibling(preset.at("/model/bundle").asText()));
        boolean carriesState =
                ModelFactories.forBundle(bundle, Manifests.class.getClassLoader())
                        .signature(bundle)
                        .carriesState();
        return carriesState ? STATE_ON_HEAP : List.of(STATE_ON_DISK);
    }

    private static List<String> settings(String name, JsonNode preset) {
        List<String> settings = new ArrayList<>();
        settings.add("source=" + TOPIC_IN.formatted(name));
        settings.add("sink=" + TOPIC_OUT.formatted(name));
        if (preset.has("annotations")) {
            settings.add("annotations=" + TOPIC_OUT.formatted(name + "-annotations"));
        }
        if (preset.has("detection")) {
            settings.add("detection.events=" + TOPIC_OUT.formatted(name + "-events"));
        }
        if (preset.has("codes")) {
            // Key by key, so that a tokenizer's bundle stays.
            String topic = name + "-codes";
            settings.add("codes.path=");
            settings.add("codes.type=kafka");
            settings.add("codes.bootstrap=kafka:9092");
            settings.add("codes.topic=" + topic);
            settings.add("codes.transactional-id-prefix=" + topic);
        }
        // Those of a topic go to the topic that is named after it.
        settings.add("dead-letters=");
        return settings;
    }

    private static String indented(List<String> lines, String by) {
        return lines.stream().map(line -> by + line).collect(Collectors.joining("\n"));
    }
}
