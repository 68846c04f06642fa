/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Examples;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameDeserializerTest {

    private static Received receive(long kafkaTime, byte[] value) throws IOException {
        return Records.receive(new AvroFrames(), Records.of("k", kafkaTime, value));
    }

    @Test
    void givesTheFrame() throws IOException {
        assertThat(receive(5, WireFormat.encode(Examples.FRAME)))
                .isEqualTo(Received.frame(Examples.FRAME));
    }

    @Property
    void anyBytesAreADeadLetterThatHoldsThem(@ForAll byte[] bytes) throws IOException {
        DeadLetter letter = receive(5, bytes).deadLetter();
        assertThat(letter.payload()).isEqualTo(bytes);
        assertThat(letter.reason()).isNotBlank();
    }

    @Test
    void aDeadLetterTellsWhereItCameFromAndWhy() throws IOException {
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
                                WireFormat.encode(Examples.FORECAST),
                                new byte[] {'k'},
                                List.of(new DeadLetter.Header("h", new byte[] {1, 2}))));
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "0, 0", "9223372036854775807, 9223372036854775807"})
    void anyKafkaTimeFits(long millis, long nanos) throws IOException {
        assertThat(receive(millis, new byte[0]).deadLetter().timeNanos()).isEqualTo(nanos);
    }

    @Test
    void refusesARecordThatIsTooLargeAndKeepsIt() throws IOException {
        byte[] huge = new byte[FrameDeserializer.MAX_FRAME_BYTES + 1];
        DeadLetter letter = receive(5, huge).deadLetter();
        assertThat(letter.error()).isEqualTo("TOO_LARGE");
        assertThat(letter.reason())
                .isEqualTo(
                        "the record has 16777217 bytes, and a frame at most 16777216: send shorter"
                                + " frames");
        assertThat(letter.payload()).isSameAs(huge);
    }

    @Test
    void refusesAFrameOfTooManyValues() throws IOException {
        SignalFrame large =
                new SignalFrame(
                        "s",
                        0,
                        0,
                        0,
                        SampleRate.ofHertz(1),
                        List.of("a"),
                        new float[Received.MAX_FRAME_VALUES + 1],
                        0);
        assertThat(receive(5, WireFormat.encode(large)).deadLetter().reason())
                .isEqualTo(
                        "the record has 1048577 values, and a frame at most 1048576: send shorter"
                                + " frames");
    }

    @Test
    void aDeadLetterIsTheRecordAgain() throws IOException {
        DeadLetter letter = receive(5, new byte[] {7}).deadLetter();
        ProducerRecord<byte[], byte[]> record = DeadLetters.record(letter, "frames");
        assertThat(record.topic()).isEqualTo("frames");
        assertThat(record.timestamp()).isEqualTo(5);
        assertThat(record.key()).containsExactly('k');
        assertThat(record.value()).containsExactly(7);
        assertThat(record.headers().lastHeader("h").value()).containsExactly(1, 2);
    }
}
