/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.Received;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Kafka records without a broker. */
final class Records {
    private Records() {}

    /** The record at offset 77 of partition 4 of a topic {@code frames}, with a header h. */
    static ConsumerRecord<byte[], byte[]> of(String key, long kafkaTime, byte[] value) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("h", new byte[] {1, 2});
        return new ConsumerRecord<>(
                "frames",
                4,
                77L,
                kafkaTime,
                TimestampType.CREATE_TIME,
                -1,
                value == null ? -1 : value.length,
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                value,
                headers,
                Optional.empty());
    }

    /** What the source makes of a record. */
    static Received receive(FrameFormat format, ConsumerRecord<byte[], byte[]> record)
            throws IOException {
        List<Received> out = new ArrayList<>();
        FrameDeserializer deserializer = new FrameDeserializer(format);
        deserializer.open(null);
        deserializer.deserialize(record, new ListCollector<>(out));
        assertThat(out).hasSize(1);
        return out.get(0);
    }
}
