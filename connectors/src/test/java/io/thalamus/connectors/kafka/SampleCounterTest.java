/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class SampleCounterTest {

    @Test
    void countsEveryStreamByItselfAndGoesOnAfterARestart() throws Exception {
        var harness = harness();
        harness.open();
        harness.processElement(frame("a", 3), 0);
        harness.processElement(frame("b", 5), 0);
        harness.processElement(frame("a", 4), 0);
        assertThat(sequences(harness)).containsExactly(0L, 0L, 3L);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();

        var restored = harness();
        restored.initializeState(state);
        restored.open();
        restored.processElement(frame("b", 1), 0);
        restored.processElement(frame("a", 1), 0);
        assertThat(sequences(restored)).containsExactly(5L, 7L);
        restored.close();
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, SignalFrame, SignalFrame>
            harness() throws Exception {
        return new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new SampleCounter()),
                SignalFrame::streamId,
                Types.STRING);
    }

    private static List<Long> sequences(
            KeyedOneInputStreamOperatorTestHarness<String, SignalFrame, SignalFrame> harness) {
        return harness.extractOutputValues().stream().map(SignalFrame::sequence).toList();
    }

    private static SignalFrame frame(String stream, int length) {
        return new SignalFrame(
                stream, 0, 0, 0, SampleRate.ofHertz(1), List.of("x"), new float[length], 0);
    }
}
