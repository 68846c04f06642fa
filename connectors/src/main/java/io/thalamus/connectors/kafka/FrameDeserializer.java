/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import io.thalamus.schemas.WireFormatException;
import io.thalamus.schemas.WireFormatException.Fault;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Makes a frame of every record, or a dead letter that holds the bytes of its value. The record's
 * key and headers are not kept: topic, partition and offset, which the dead letter names, say where
 * the whole record is.
 */
final class FrameDeserializer implements KafkaRecordDeserializationSchema<Received> {
    private static final long serialVersionUID = 1L;

    /** Four million samples; a frame beyond it is a mistake that the steps behind cannot carry. */
    static final int MAX_FRAME_BYTES = 16 << 20;

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Received> out) {
        out.collect(received(record));
    }

    @Override
    public TypeInformation<Received> getProducedType() {
        return TypeInformation.of(Received.class);
    }

    private static Received received(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Received.frame(frame(record.value()));
        } catch (WireFormatException e) {
            return refused(record, e);
        }
    }

    /** The record as a dead letter. */
    static Received refused(ConsumerRecord<byte[], byte[]> record, WireFormatException e) {
        return Received.refused(
                new DeadLetter(
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        // A record without a time says -1; whatever a producer sent, this fits.
                        TimeUnit.MILLISECONDS.toNanos(Math.max(0, record.timestamp())),
                        "source",
                        e.fault().name(),
                        e.getMessage(),
                        record.value() == null ? new byte[0] : record.value()));
    }

    private static SignalFrame frame(byte[] value) throws WireFormatException {
        if (value != null && value.length > MAX_FRAME_BYTES) {
            throw new WireFormatException(
                    Fault.TOO_LARGE,
                    "the record has "
                            + value.length
                            + " bytes, and a frame at most "
                            + MAX_FRAME_BYTES
                            + ": send shorter frames");
        }
        return WireFormat.decode(value, SignalFrame.class);
    }
}
