/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.connectors.kafka.EmbeddedKafka;
import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.schemas.AvroRecords;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A poisoned topic: the job goes on, nothing is lost, and what was refused can be put back. */
class DeadLettersITCase {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] HEADER = {1, 2, 3};

    @RegisterExtension static final EmbeddedKafka KAFKA = new EmbeddedKafka();

    @TempDir static Path folder;

    /** What is refused, by what it is refused for. */
    private static final Map<String, byte[]> POISON = new LinkedHashMap<>();

    @BeforeAll
    static void runOnPoison() throws Exception {
        SignalFrame frame = frame(0, 3);
        byte[] sound = WireFormat.encode(frame);
        byte[] random = new byte[300];
        new Random(1).nextBytes(random);
        byte[] unknown = sound.clone();
        unknown[5] ^= 1;
        POISON.put("not in Avro's single-object encoding", random);
        POISON.put("is cut off", Arrays.copyOf(sound, sound.length - 2));
        POISON.put("is of no version up to this one", unknown);
        POISON.put("has no channels", changed(frame, avro -> avro.put("channels", List.of())));
        POISON.put("2000000 values", WireFormat.encode(frame(0, 2_000_000)));
        POISON.put(
                "impossible rate",
                changed(frame, avro -> ((GenericRecord) avro.get("rate")).put("numerator", 0L)));
        KAFKA.createTopic("poisoned", 1);
        KAFKA.createDeadLetterTopic("poisoned.dlq");
        KAFKA.createTopic("prepared", 1);
        KAFKA.send("poisoned", "s", sound);
        for (byte[] poison : POISON.values()) {
            ProducerRecord<String, byte[]> record = new ProducerRecord<>("poisoned", "k", poison);
            record.headers().add("origin", HEADER);
            KAFKA.send(record);
        }
        KAFKA.send("poisoned", "s", WireFormat.encode(frame(3, 4)));

        Path pipeline = folder.resolve("poisoned.yaml");
        Files.writeString(
                pipeline,
                """
                name: poisoned
                source: {type: kafka, bootstrap: '%1$s', topic: poisoned, group: g, until: latest}
                sink: {type: kafka, bootstrap: '%1$s', topic: prepared, guarantee: at-least-once}
                """
                        .formatted(KAFKA.bootstrapServers()));
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(
                        1, Configuration.fromMap(Map.of("restart-strategy.type", "none")));
        PipelineBuilder.build(environment, PipelineSpec.load(pipeline, List.of()));
        environment.execute("poisoned");
    }

    @Test
    void theJobGoesOnAndEveryByteIsKept() throws Exception {
        List<Long> numbers = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : KAFKA.committed("prepared")) {
            numbers.add(WireFormat.decode(record.value(), SignalFrame.class).sequence());
        }
        assertThat(numbers).containsExactly(0L, 3L);

        List<DeadLetter> letters = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : KAFKA.committed("poisoned.dlq")) {
            letters.add(WireFormat.decode(record.value(), DeadLetter.class));
        }
        assertThat(letters)
                .extracting(DeadLetter::payload)
                .containsExactlyElementsOf(POISON.values());
        assertThat(letters)
                .extracting(DeadLetter::position)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        List<String> reasons = List.copyOf(POISON.keySet());
        for (int i = 0; i < letters.size(); i++) {
            assertThat(letters.get(i).reason()).contains(reasons.get(i));
            assertThat(letters.get(i).stage()).isEqualTo("source");
            assertThat(letters.get(i).recordKey()).containsExactly('k');
            assertThat(letters.get(i).headers())
                    .containsExactly(new DeadLetter.Header("origin", HEADER));
        }
    }

    @Test
    void dlqListsAndPutsBack() throws Exception {
        JsonNode all = dlq();
        assertThat(all).hasSize(POISON.size());
        assertThat(all.get(4).path("error").textValue()).isEqualTo("TOO_LARGE");
        assertThat(all.get(4).path("position").longValue()).isEqualTo(5);
        assertThat(dlq("--limit", "2")).hasSize(2);
        KAFKA.createTopic("mended", 1);

        JsonNode one = dlq("--reason", "no channels", "--reinject", "--to", "mended");

        assertThat(one).hasSize(1);
        assertThat(one.get(0).path("reinjectedTo").textValue()).isEqualTo("mended");
        assertThat(KAFKA.committed("mended"))
                .singleElement()
                .satisfies(
                        record -> {
                            assertThat(record.key()).containsExactly('k');
                            assertThat(record.value()).isEqualTo(POISON.get("has no channels"));
                            assertThat(record.headers().lastHeader("origin").value())
                                    .isEqualTo(HEADER);
                            assertThat(record.timestamp())
                                    .isEqualTo(KAFKA.committed("poisoned").get(4).timestamp());
                        });

        assertThat(dlq("--reason", "CORRUPT", "--reinject").get(0).path("reinjectedTo").textValue())
                .isEqualTo("poisoned");
        assertThat(KAFKA.committed("poisoned").get(POISON.size() + 2).value())
                .isEqualTo(POISON.get("is cut off"));
    }

    @Test
    void saysWhatIsWrongInOneSentence() throws Exception {
        refused("there is no topic 'nowhere'", "--from", "nowhere");
        refused("topic prepared holds no dead letters, but ", "--from", "prepared");
    }

    private static void refused(String words, String... arguments) throws Exception {
        Launcher.Outcome outcome = run(arguments);
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).singleElement().asString().contains(words);
    }

    private static JsonNode dlq(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--from", "poisoned.dlq", "--json"));
        arguments.addAll(List.of(more));
        Launcher.Outcome outcome = run(arguments.toArray(String[]::new));
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        return JSON.readTree(outcome.out());
    }

    private static Launcher.Outcome run(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("dlq", "--bootstrap", KAFKA.bootstrapServers()));
        all.addAll(List.of(arguments));
        return Launcher.thalamus(folder, all.toArray(String[]::new));
    }

    private static SignalFrame frame(int sequence, int length) {
        return new SignalFrame(
                "s",
                sequence,
                0,
                sequence * 1_000_000_000L,
                SampleRate.ofHertz(1),
                List.of("a"),
                new float[length],
                0);
    }

    /** A frame that only another program could write. */
    private static byte[] changed(SignalFrame frame, Consumer<GenericRecord> change)
            throws IOException {
        GenericRecord avro = AvroRecords.toAvro(frame);
        change.accept(avro);
        return new BinaryMessageEncoder<GenericRecord>(GenericData.get(), avro.getSchema())
                .encode(avro)
                .array();
    }
}
