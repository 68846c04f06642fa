/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.ControlCommand;
import io.thalamus.schemas.WireFormat;
import io.thalamus.schemas.WireFormatException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the commands of a topic from its start on, in Avro's single-object encoding; what is no
 * command arrives as a dead letter. There is no consumer group: a job that starts without a
 * savepoint reads all commands again, as its streams have not obeyed them yet.
 */
public final class CommandSource {

    private CommandSource() {}

    /**
     * The source. It reads committed records only, unless the properties say otherwise.
     *
     * @param bounded whether to end at what the topic holds when the job starts
     * @param properties as those of {@link TopicInput}
     */
    public static KafkaSource<Received> of(
            String bootstrapServers,
            String topic,
            boolean bounded,
            Map<String, String> properties) {
        Required.text("bootstrap servers", bootstrapServers);
        Required.text("topic", topic);
        Properties all = Secrets.understoodIn(properties);
        all.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        KafkaSourceBuilder<Received> source =
                KafkaSource.<Received>builder()
                        .setBootstrapServers(bootstrapServers)
                        .setTopics(topic)
                        .setStartingOffsets(OffsetsInitializer.earliest())
                        .setDeserializer(new CommandDeserializer())
                        .setProperties(all);
        if (bounded) {
            source.setBounded(OffsetsInitializer.latest());
        }
        return source.build();
    }

    /**
     * The last of all watermarks, once no command has come for a while: the commands have been read
     * that there were at the start, and those to come take effect as they come. For the commands of
     * all partitions together, behind the source. The time that steps behind it in its task take to
     * open, or for a command, does not count.
     */
    public static <T> WatermarkStrategy<T> watermarks(Duration quiet) {
        long nanos = quiet.toNanos();
        return WatermarkStrategy.forGenerator(context -> new Quiet<>(nanos));
    }

    private static final class Quiet<T> implements WatermarkGenerator<T> {
        private final long nanos;
        private long last;
        private boolean heard = true;

        Quiet(long nanos) {
            this.nanos = nanos;
        }

        @Override
        public void onEvent(T event, long eventTimestamp, WatermarkOutput output) {
            heard = true;
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            long now = System.nanoTime();
            if (heard) {
                heard = false;
                last = now;
            } else if (now - last >= nanos) {
                output.emitWatermark(new Watermark(Long.MAX_VALUE));
            }
        }
    }

    private static final class CommandDeserializer
            implements KafkaRecordDeserializationSchema<Received> {
        private static final long serialVersionUID = 1L;

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Received> out) {
            try {
                out.collect(
                        Received.command(
                                WireFormat.decode(
                                        record.value() == null ? new byte[0] : record.value(),
                                        ControlCommand.class)));
            } catch (WireFormatException e) {
                out.collect(Received.refused(DeadLetters.of(record, e)));
            }
        }

        @Override
        public TypeInformation<Received> getProducedType() {
            return TypeInformation.of(Received.class);
        }
    }
}
