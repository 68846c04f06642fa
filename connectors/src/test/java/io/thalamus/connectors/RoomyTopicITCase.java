/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.kafka.AvroFrames;
import io.thalamus.connectors.kafka.EmbeddedKafka;
import io.thalamus.connectors.kafka.RecordSink;
import io.thalamus.connectors.kafka.TopicInput;
import io.thalamus.connectors.kafka.TopicOutput;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.WireFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Dead letters that do not fit their topic. */
class RoomyTopicITCase {
    @RegisterExtension static final EmbeddedKafka KAFKA = new EmbeddedKafka();
    @RegisterExtension static final MiniClusterExtension FLINK = new MiniClusterExtension();

    private static final int KAFKAS_DEFAULT = 1_048_588;

    /** Writes letters with a job that would be restarted after any failure that may pass. */
    private static void write(String from, Map<String, String> properties, DeadLetter... letters)
            throws Exception {
        StreamExecutionEnvironment job = Jobs.checkpointed();
        job.fromData(List.of(letters), TypeInformation.of(DeadLetter.class))
                .uid("letters")
                .sinkTo(
                        RecordSink.ofDeadLetters(
                                new TopicInput(
                                        KAFKA.bootstrapServers(),
                                        List.of(from),
                                        "test",
                                        new AvroFrames(),
                                        true,
                                        Map.of()),
                                TopicOutput.atLeastOnce(
                                        KAFKA.bootstrapServers(), from + ".dlq", properties)))
                .uid("sink");
        job.execute();
    }

    private static void assertEnded(ThrowingCallable job, String reason) {
        assertThatThrownBy(job)
                .satisfies(
                        failure ->
                                assertThat(
                                                ExceptionUtils.findThrowable(
                                                        failure, InvalidInputException.class))
                                        .hasValueSatisfying(
                                                told -> assertThat(told).hasMessage(reason)))
                .hasStackTraceContaining("The failure is not recoverable");
    }

    private static DeadLetter letter(byte[] payload) {
        return new DeadLetter("in", 0, 7, 0, "source", "CORRUPT", "no frame", payload);
    }

    @Test
    void aTopicThatLargeRecordsWouldNotFitEndsTheJobWhenItStarts() throws Exception {
        KAFKA.createTopic("as-large", 1, KAFKAS_DEFAULT);
        KAFKA.createTopic("as-large.dlq", 1, KAFKAS_DEFAULT);
        assertEnded(
                () -> write("as-large", Map.of(), letter(new byte[1])),
                "the topic as-large takes messages of up to 1048588 bytes, and its dead letters"
                        + " would not fit the topic as-large.dlq, which takes 1048588: run"
                        + " kafka-configs.sh --bootstrap-server "
                        + KAFKA.bootstrapServers()
                        + " --alter --entity-type topics --entity-name as-large.dlq --add-config"
                        + " max.message.bytes=1114124, or set that of as-large to less");
        assertThat(KAFKA.committed("as-large.dlq")).isEmpty();
    }

    @Test
    void aProducerThatLargeRecordsWouldNotFitEndsTheJobWhenItStarts() throws Exception {
        KAFKA.createTopic("narrow", 1, KAFKAS_DEFAULT);
        KAFKA.createDeadLetterTopic("narrow.dlq");
        assertEnded(
                () -> write("narrow", Map.of("max.request.size", "1048576"), letter(new byte[1])),
                "the topic narrow takes messages of up to 1048588 bytes, and its dead letters are"
                        + " written to the topic narrow.dlq in requests of up to 1048576: set"
                        + " max.request.size to 1114124 or more, and buffer.memory to twice as"
                        + " much, in the properties of dead-letters");
    }

    @Test
    void aTopicOfWhichNobodySaysWhatItTakesEndsTheJobWhenItStarts() throws Exception {
        KAFKA.createTopic("hidden", 1, KAFKAS_DEFAULT);
        KAFKA.createTopic("hidden.dlq", 1, 2 * KAFKAS_DEFAULT);
        KAFKA.hideSettings("hidden.dlq");
        assertEnded(
                () -> write("hidden", Map.of(), letter(new byte[1])),
                "the brokers at "
                        + KAFKA.bootstrapServers()
                        + " do not tell the job's user how large the messages of the topic"
                        + " hidden.dlq, which takes dead letters, may be: allow the user to see the"
                        + " topic's settings (DescribeConfigs), or set max.request.size in the"
                        + " properties of dead-letters to the topic's max.message.bytes");
        assertThat(KAFKA.committed("hidden.dlq")).isEmpty();

        write("hidden", Map.of("max.request.size", "2097176"), letter(new byte[1]));
        assertThat(KAFKA.committed("hidden.dlq")).hasSize(1);
    }

    @Test
    void aLetterThatDoesNotFitWhereNothingCanBeComparedEndsTheJob() throws Exception {
        KAFKA.createTopic("unseen", 1, KAFKAS_DEFAULT);
        KAFKA.createTopic("unseen.dlq", 1, 200_000);
        KAFKA.hideSettings("unseen");
        KAFKA.hideSettings("unseen.dlq");
        byte[] noise = new byte[300_000];
        new Random(1).nextBytes(noise);
        Map<String, String> said = Map.of("max.request.size", "200000");
        assertThatThrownBy(() -> write("unseen", said, letter(noise)))
                .hasStackTraceContaining("The failure is not recoverable")
                .hasStackTraceContaining("the dead letter of in[0]@7 has 301")
                .hasStackTraceContaining("is written with up to 200000: raise max.request.size");
        assertThat(KAFKA.committed("unseen.dlq")).isEmpty();
    }

    /** Such letters come of records that had shrunk more for their producer. */
    @Test
    void aLetterThatDoesNotFitAllTheSameEndsTheJob() throws Exception {
        KAFKA.createTopic("packed", 1, 100_000);
        KAFKA.createTopic("packed.dlq", 1, 200_000);
        byte[] noise = new byte[300_000];
        new Random(1).nextBytes(noise);
        assertThatThrownBy(() -> write("packed", Map.of(), letter(noise)))
                .hasStackTraceContaining("The failure is not recoverable")
                .hasStackTraceContaining("the dead letter of in[0]@7 has 300")
                .hasStackTraceContaining(
                        "bytes, and the topic packed.dlq is written with up to 200000: raise"
                                + " max.message.bytes to more than that, and start the job from"
                                + " its last checkpoint");

        Map<String, String> narrow = Map.of("max.request.size", "200000");
        assertThatThrownBy(() -> write("packed", narrow, letter(noise)))
                .hasStackTraceContaining("The failure is not recoverable")
                .hasStackTraceContaining("is written with up to 200000: raise max.request.size");
    }

    @Test
    void aLetterMayShrinkToFit() throws Exception {
        KAFKA.createTopic("shrinking", 1, 100_000);
        KAFKA.createTopic("shrinking.dlq", 1, 200_000);
        DeadLetter large = letter(new byte[300_000]);
        write("shrinking", Map.of(), large);
        List<ConsumerRecord<byte[], byte[]>> kept = KAFKA.committed("shrinking.dlq");
        assertThat(kept).hasSize(1);
        assertThat(WireFormat.decode(kept.get(0).value())).isEqualTo(large);
    }
}
