/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.InvalidInputException;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.Boundedness;
import org.junit.jupiter.api.Test;

class FrameSourceTest {

    private static TopicInput input(boolean bounded, Map<String, String> properties) {
        return new TopicInput(
                "localhost:1", List.of("frames"), "group", new AvroFrames(), bounded, properties);
    }

    @Test
    void endsOnlyIfItIsToldTo() {
        assertThat(FrameSource.of(input(true, Map.of())).getBoundedness())
                .isEqualTo(Boundedness.BOUNDED);
        assertThat(FrameSource.of(input(false, Map.of())).getBoundedness())
                .isEqualTo(Boundedness.CONTINUOUS_UNBOUNDED);
    }

    @Test
    void refusesAnOffsetResetThatKafkaDoesNotKnow() {
        assertThatThrownBy(
                        () -> FrameSource.of(input(false, Map.of("auto.offset.reset", "newest"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("auto.offset.reset is earliest, latest or none, not newest");
    }

    @Test
    void producersCompressAndKeepTransactionsOpenUnlessToldOtherwise() {
        assertThat(RecordSink.properties(TopicOutput.atLeastOnce("b:1", "t", Map.of())))
                .containsEntry("compression.type", "lz4")
                .containsEntry("transaction.timeout.ms", "840000");
        assertThat(
                        RecordSink.properties(
                                TopicOutput.atLeastOnce(
                                        "b:1", "t", Map.of("compression.type", "zstd"))))
                .containsEntry("compression.type", "zstd");
    }

    @Test
    void refusesWhatNamesNoTopic() {
        assertThatThrownBy(
                        () ->
                                new TopicInput(
                                        "b:1", List.of(), "g", new AvroFrames(), false, Map.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("a Kafka source needs at least one topic");
        assertThatThrownBy(
                        () ->
                                new TopicInput(
                                        " ", List.of("t"), "g", new AvroFrames(), false, Map.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("a Kafka source or sink needs its bootstrap servers");
        assertThatThrownBy(() -> TopicOutput.exactlyOnce("b:1", "t", null, Map.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("a Kafka source or sink needs its transactional id prefix");
        assertThat(TopicOutput.atLeastOnce("b:1", "t", Map.of()).transactionalIdPrefix()).isNull();
    }
}
