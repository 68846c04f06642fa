/* SPDX-License-Identifier: Apache-2.0 */

import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes two seconds of a sine and a cosine of 5 Hz, sampled 200 times a second, as frames of a
 * tenth of a second. Needs kafka-clients and avro, nothing else.
 *
 * <pre>FrameProducer BOOTSTRAP TOPIC SignalFrame.avsc STREAM</pre>
 */
public final class FrameProducer {
    private static final int RATE = 200;
    private static final int LENGTH = 20;
    private static final int FRAMES = 20;
    private static final List<String> CHANNELS = List.of("sine", "cosine");

    public static void main(String[] arguments) throws Exception {
        String topic = arguments[1];
        Schema schema = new Schema.Parser().parse(new File(arguments[2]));
        String stream = arguments[3];
        // Avro's single-object encoding: C3 01, the schema's fingerprint, the record.
        var encoder = new BinaryMessageEncoder<GenericRecord>(GenericData.get(), schema);
        long start = System.currentTimeMillis() * 1_000_000L;
        try (var producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", arguments[0], "compression.type", "lz4"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (int frame = 0; frame < FRAMES; frame++) {
                long sequence = (long) frame * LENGTH;
                GenericRecord record = new GenericData.Record(schema);
                record.put("streamId", stream);
                record.put("sequence", sequence);
                record.put("segment", 0);
                record.put("startNanos", start + sequence * 1_000_000_000L / RATE);
                record.put("rate", rate(schema));
                record.put("channels", CHANNELS);
                record.put("length", LENGTH);
                record.put(
                        "encoding",
                        new GenericData.EnumSymbol(
                                schema.getField("encoding").schema(), "FLOAT32"));
                record.put("scale", 1f);
                record.put("samples", samples(sequence));
                record.put("quality", 0);
                // The stream's id is the key, so that its frames stay in one partition, in order.
                producer.send(
                        new ProducerRecord<>(
                                topic,
                                stream.getBytes(StandardCharsets.UTF_8),
                                bytes(encoder.encode(record))));
            }
            producer.flush();
        }
        System.out.println(FRAMES + " frames");
    }

    private static GenericRecord rate(Schema schema) {
        GenericRecord rate = new GenericData.Record(schema.getField("rate").schema());
        rate.put("numerator", (long) RATE);
        rate.put("denominator", 1L);
        return rate;
    }

    /** One channel after the other, little-endian. */
    private static ByteBuffer samples(long sequence) {
        ByteBuffer samples =
                ByteBuffer.allocate(CHANNELS.size() * LENGTH * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int channel = 0; channel < CHANNELS.size(); channel++) {
            for (int i = 0; i < LENGTH; i++) {
                double angle = 2 * Math.PI * 5 * (sequence + i) / RATE;
                samples.putFloat((float) (channel == 0 ? Math.sin(angle) : Math.cos(angle)));
            }
        }
        return samples.flip();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
