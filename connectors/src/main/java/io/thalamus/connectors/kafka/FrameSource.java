/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.InvalidInputException;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/**
 * Reads the frames of Kafka topics; what is no frame arrives as a dead letter.
 *
 * <pre>{@code
 * DataStream<Received> received =
 *         env.fromSource(
 *                 FrameSource.of(input),
 *                 FrameSource.watermarks(Duration.ofSeconds(5), Duration.ofMinutes(1)),
 *                 "frames");
 * }</pre>
 */
public final class FrameSource {

    private FrameSource() {}

    /** The source. It reads committed records only, unless the properties say otherwise. */
    public static KafkaSource<Received> of(TopicInput input) {
        Properties properties = Secrets.understoodIn(input.properties());
        properties.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        KafkaSourceBuilder<Received> source =
                KafkaSource.<Received>builder()
                        .setBootstrapServers(input.bootstrapServers())
                        .setTopics(input.topics())
                        .setGroupId(input.groupId())
                        .setStartingOffsets(start(properties))
                        .setDeserializer(new FrameDeserializer(input.format()))
                        .setProperties(properties);
        if (input.bounded()) {
            source.setBounded(OffsetsInitializer.latest());
        }
        return source.build();
    }

    /**
     * Event time as the frames tell it, tracked for each partition by itself. Dead letters have
     * none: a record that is refused never moves the watermark.
     *
     * @param outOfOrderness how far behind the latest frame of its partition another may lie
     * @param idleness after how long without a record a partition no longer holds back the others
     */
    public static WatermarkStrategy<Received> watermarks(
            Duration outOfOrderness, Duration idleness) {
        return WatermarkStrategy.<Received>forBoundedOutOfOrderness(outOfOrderness)
                .withTimestampAssigner((received, kafkaTime) -> eventMillis(received))
                .withIdleness(idleness);
    }

    private static long eventMillis(Received received) {
        return received.frame() == null
                ? TimestampAssigner.NO_TIMESTAMP
                : Math.floorDiv(received.frame().eventNanos(), 1_000_000L);
    }

    // Kafka deprecates the type; the connector has no other way to say it.
    @SuppressWarnings("deprecation")
    private static OffsetsInitializer start(Properties properties) {
        String reset = properties.getProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        try {
            return OffsetsInitializer.committedOffsets(
                    OffsetResetStrategy.valueOf(reset.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG
                            + " is earliest, latest or none, not "
                            + reset,
                    e);
        }
    }
}
