/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormatException;
import io.thalamus.schemas.WireFormatException.Fault;
import java.io.IOException;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes a frame of every record, or a dead letter that holds the whole record. */
final class FrameDeserializer implements KafkaRecordDeserializationSchema<Received> {
    private static final long serialVersionUID = 1L;

    /** No frame that is let in is larger, in any format; a record beyond it is not even parsed. */
    static final int MAX_FRAME_BYTES = 16 << 20;

    private final FrameFormat format;

    private transient FrameReader reader;

    FrameDeserializer(FrameFormat format) {
        this.format = format;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        reader = format.open();
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Received> out)
            throws IOException {
        out.collect(received(record));
    }

    @Override
    public TypeInformation<Received> getProducedType() {
        return TypeInformation.of(Received.class);
    }

    private Received received(ConsumerRecord<byte[], byte[]> record) throws IOException {
        try {
            return Received.frame(frame(record));
        } catch (WireFormatException e) {
            return Received.refused(DeadLetters.of(record, e));
        }
    }

    private SignalFrame frame(ConsumerRecord<byte[], byte[]> record) throws IOException {
        requireBytes(record.value());
        SignalFrame frame = reader.read(record);
        requireValues(frame);
        return frame;
    }

    /** Refuses a record that is larger than any frame. */
    static void requireBytes(byte[] value) throws WireFormatException {
        if (value != null) {
            check(value.length, "bytes", MAX_FRAME_BYTES);
        }
    }

    /** Refuses a frame of more values than are let in. */
    static void requireValues(SignalFrame frame) throws WireFormatException {
        check(frame.samples().length, "values", Received.MAX_FRAME_VALUES);
    }

    private static void check(int size, String what, int most) throws WireFormatException {
        if (size > most) {
            throw new WireFormatException(
                    Fault.TOO_LARGE,
                    "the record has %d %s, and a frame at most %d: send shorter frames"
                            .formatted(size, what, most));
        }
    }
}
