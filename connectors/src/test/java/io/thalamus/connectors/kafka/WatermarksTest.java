/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.operators.TimestampsAndWatermarksOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class WatermarksTest {

    @Test
    void framesMoveEventTimeAndDeadLettersDoNot() throws Exception {
        var operator =
                new TimestampsAndWatermarksOperator<>(
                        null,
                        FrameSource.watermarks(Duration.ofMillis(100), Duration.ofMinutes(1)),
                        true);
        var harness = new OneInputStreamOperatorTestHarness<>(operator);
        harness.getExecutionConfig().setAutoWatermarkInterval(10);
        harness.open();
        Received frame = Received.frame(frame(1_999_999_999L));
        Received early = Received.frame(frame(-1L));
        Received refused = Received.refused(refused());
        harness.processElement(frame, 9_000_000);
        harness.processElement(refused, 9_000_000);
        harness.processElement(early, 9_000_000);
        harness.setProcessingTime(10);
        assertThat(harness.getOutput())
                .containsExactly(
                        new StreamRecord<>(frame, 1_999),
                        new StreamRecord<>(refused, TimestampAssigner.NO_TIMESTAMP),
                        new StreamRecord<>(early, -1),
                        new Watermark(1_999 - 100 - 1));
        harness.close();
    }

    private static SignalFrame frame(long start) {
        return new SignalFrame(
                "s", 0, 0, start, SampleRate.ofHertz(1), List.of("a"), new float[1], 0);
    }

    private static DeadLetter refused() {
        return new DeadLetter("t", 0, 0, 9_000_000_000_000L, "source", "CORRUPT", "", new byte[0]);
    }
}
