/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.connectors.kafka.Certificates;
import io.thalamus.connectors.kafka.EmbeddedKafka;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines and commands on brokers that are spoken to in TLS. */
class TlsITCase {
    @RegisterExtension static final EmbeddedKafka KAFKA = EmbeddedKafka.withCertificates();

    private static final int ROWS = 60;

    @TempDir private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Map<String, String> properties;

    @BeforeEach
    void write() throws Exception {
        Path secrets =
                Files.writeString(
                        folder.resolve("secrets"), "stores=" + Certificates.PASSWORD + "\n");
        properties =
                new TreeMap<>(
                        KAFKA.certificates().ofClient("${file:%s:stores}".formatted(secrets)));
        properties.put("security.protocol", "SSL");
        StringBuilder csv = new StringBuilder("time,x\n");
        for (int i = 0; i < ROWS; i++) {
            csv.append(i).append(',').append(i * 0.5).append('\n');
        }
        Files.writeString(folder.resolve("s.csv"), csv);
    }

    @Test
    void aPipelinesPropertiesNameTheStores() throws Exception {
        KAFKA.createTopic("made", 1);
        Path pipeline =
                Files.writeString(
                        folder.resolve("publish.yaml"),
                        """
                        name: publish
                        source: {type: csv, path: s.csv, time-format: epoch-seconds, frame: 20}
                        sink:
                          type: kafka
                          bootstrap: %s
                          topic: made
                          transactional-id-prefix: publish
                          properties:
                        %s
                        dead-letters: {type: jsonl, path: refused}
                        """
                                .formatted(
                                        KAFKA.bootstrapServers(),
                                        properties.entrySet().stream()
                                                .map(
                                                        one ->
                                                                "    %s: %s"
                                                                        .formatted(
                                                                                one.getKey(),
                                                                                one.getValue()))
                                                .collect(Collectors.joining("\n"))));

        assertThat(thalamus("run", pipeline.toString())).as(err::toString).isZero();

        assertRecorded("made");
    }

    @Test
    void aReplayIsRecorded() throws Exception {
        KAFKA.createTopic("replayed", 1);

        assertThat(
                        connected(
                                "replay",
                                folder.resolve("s.csv").toString(),
                                "--to=replayed",
                                "--time-format=epoch-seconds",
                                "--speed=max"))
                .as(err::toString)
                .isZero();

        assertRecorded("replayed");
    }

    private void assertRecorded(String topic) throws Exception {
        out.reset();
        assertThat(
                        connected(
                                "record",
                                "--from=" + topic,
                                "--out=" + folder.resolve("out"),
                                "--until=latest",
                                "--json"))
                .as(err::toString)
                .isZero();
        JsonNode summary = new ObjectMapper().readTree(out.toByteArray());
        assertThat(summary.path("samples").asInt()).isEqualTo(ROWS);
        assertThat(out + err.toString()).doesNotContain(Certificates.PASSWORD);
    }

    private int connected(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.add("--bootstrap=" + KAFKA.bootstrapServers());
        properties.forEach((name, value) -> arguments.add("--property=" + name + "=" + value));
        return thalamus(arguments.toArray(String[]::new));
    }

    private int thalamus(String... arguments) {
        return ThalamusCommand.execute(
                new Console(new PrintStream(out, true), new PrintStream(err, true), false),
                arguments);
    }
}
