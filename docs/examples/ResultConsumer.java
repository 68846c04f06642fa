/* SPDX-License-Identifier: Apache-2.0 */

import java.io.File;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Prints the results of a topic, each once, and ends after so many. Needs kafka-clients and avro,
 * nothing else.
 *
 * <pre>ResultConsumer BOOTSTRAP TOPIC Forecast.avsc COUNT [OLDER.avsc ...]</pre>
 *
 * <p>The schemas that follow are those of older versions, whose records may still lie on the topic.
 */
public final class ResultConsumer {

    public static void main(String[] arguments) throws Exception {
        var decoder =
                new BinaryMessageDecoder<GenericRecord>(GenericData.get(), schema(arguments[2]));
        for (int i = 4; i < arguments.length; i++) {
            decoder.addSchema(schema(arguments[i]));
        }
        int count = Integer.parseInt(arguments[3]);
        // What an at-least-once sink writes again after a failure has the same place in its stream.
        Set<List<Object>> seen = new HashSet<>();
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                arguments[0],
                                "group.id",
                                "result-consumer",
                                "auto.offset.reset",
                                "earliest",
                                // What an exactly-once sink has not committed may yet be undone.
                                "isolation.level",
                                "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(arguments[1]));
            while (seen.size() < count) {
                var polled = consumer.poll(Duration.ofSeconds(1));
                for (ConsumerRecord<byte[], byte[]> message : polled) {
                    GenericRecord record = decoder.decode(message.value());
                    if (seen.add(place(record))) {
                        System.out.printf(
                                "%s segment %s sample %s of %s%n",
                                record.get("streamId"),
                                record.get("segment"),
                                record.get("sequence"),
                                record.get("channels"));
                    }
                }
            }
        }
    }

    private static List<Object> place(GenericRecord record) {
        return List.of(
                record.get("streamId").toString(), record.get("segment"), record.get("sequence"));
    }

    private static Schema schema(String file) throws Exception {
        return new Schema.Parser().parse(new File(file));
    }
}
