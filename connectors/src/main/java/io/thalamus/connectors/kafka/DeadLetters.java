/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.WireFormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** Kafka records as dead letters, and back. */
final class DeadLetters {
    /** The step that refuses records, as dead letters name it. */
    static final String STAGE = "source";

    /**
     * A reason may quote what a record says, which is in the letter anyway and need not be twice.
     */
    private static final int LONGEST_REASON = 1000;

    private DeadLetters() {}

    /** The whole record, and what is wrong with it. */
    static DeadLetter of(ConsumerRecord<byte[], byte[]> record, WireFormatException fault) {
        List<DeadLetter.Header> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new DeadLetter.Header(header.key(), header.value()));
        }
        return new DeadLetter(
                record.topic(),
                record.partition(),
                record.offset(),
                nanosOf(record),
                STAGE,
                fault.fault().name(),
                shortened(fault.getMessage()),
                record.value() == null ? new byte[0] : record.value(),
                record.key(),
                headers);
    }

    private static String shortened(String reason) {
        return reason.length() > LONGEST_REASON
                ? reason.substring(0, LONGEST_REASON) + "..."
                : reason;
    }

    /**
     * The record that a dead letter was made of, for a topic; of a frame that a step refused, one
     * under its stream's id.
     */
    static ProducerRecord<byte[], byte[]> record(DeadLetter letter, String topic) {
        Long millis =
                letter.timeNanos() <= 0 ? null : TimeUnit.NANOSECONDS.toMillis(letter.timeNanos());
        byte[] key =
                letter.stage().equals(STAGE)
                        ? letter.recordKey()
                        : letter.origin().getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, null, millis, key, letter.payload());
        letter.headers().forEach(header -> record.headers().add(header.name(), header.value()));
        return record;
    }

    /** A record's time; whatever a producer sent, it fits, and one without a time (-1) has 0. */
    static long nanosOf(ConsumerRecord<byte[], byte[]> record) {
        return TimeUnit.MILLISECONDS.toNanos(Math.max(0, record.timestamp()));
    }
}
