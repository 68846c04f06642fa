/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Examples;
import io.thalamus.schemas.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameDeserializerTest {

    private static Received receive(long kafkaTime, byte[] value) {
        List<Received> out = new ArrayList<>();
        new FrameDeserializer()
                .deserialize(
                        new ConsumerRecord<>(
                                "frames",
                                4,
                                77L,
                                kafkaTime,
                                TimestampType.CREATE_TIME,
                                -1,
                                value == null ? -1 : value.length,
                                null,
                                value,
                                new RecordHeaders(),
                                Optional.empty()),
                        new ListCollector<>(out));
        assertThat(out).hasSize(1);
        return out.get(0);
    }

    @Test
    void givesTheFrame() {
        assertThat(receive(5, WireFormat.encode(Examples.FRAME)))
                .isEqualTo(Received.frame(Examples.FRAME));
    }

    @Property
    void anyBytesAreADeadLetterThatHoldsThem(@ForAll byte[] bytes) {
        DeadLetter letter = receive(5, bytes).deadLetter();
        assertThat(letter.payload()).isEqualTo(bytes);
        assertThat(letter.reason()).isNotBlank();
    }

    @Test
    void aDeadLetterTellsWhereItCameFromAndWhy() {
        assertThat(receive(5, WireFormat.encode(Examples.FORECAST)).deadLetter())
                .isEqualTo(
                        new DeadLetter(
                                "frames",
                                4,
                                77L,
                                5_000_000L,
                                "source",
                                "WRONG_TYPE",
                                "the record is of type Forecast and not SignalFrame",
                                WireFormat.encode(Examples.FORECAST)));
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "0, 0", "9223372036854775807, 9223372036854775807"})
    void anyKafkaTimeFits(long millis, long nanos) {
        assertThat(receive(millis, new byte[0]).deadLetter().timeNanos()).isEqualTo(nanos);
    }

    @Test
    void refusesAFrameThatIsTooLargeAndKeepsIt() {
        byte[] huge = new byte[FrameDeserializer.MAX_FRAME_BYTES + 1];
        DeadLetter letter = receive(5, huge).deadLetter();
        assertThat(letter.error()).isEqualTo("TOO_LARGE");
        assertThat(letter.reason())
                .isEqualTo(
                        "the record has 16777217 bytes, and a frame at most 16777216: send shorter"
                                + " frames");
        assertThat(letter.payload()).isSameAs(huge);
    }
}
