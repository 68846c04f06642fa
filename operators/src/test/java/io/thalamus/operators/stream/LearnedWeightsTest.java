/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.FastWeightsFormat;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class LearnedWeightsTest {
    private static final Map<String, BoundWeights> KNOWN =
            Map.of(
                    "b",
                    of(new FastWeights(3, Map.of("gain", new float[] {1, -2}))),
                    "a",
                    of(new FastWeights(1 << 30, Map.of(), Map.of("mean", new float[] {0.5f}))),
                    "c/d",
                    of(new FastWeights(7, Map.of("w", new float[] {Float.MIN_VALUE}))));

    private static BoundWeights of(FastWeights weights) {
        return new BoundWeights(weights, "0f".repeat(BoundWeights.DIGEST_BYTES), "tent");
    }

    /** Keeps, under the model step's name, what the test wants it to have kept. */
    private static final class Kept extends AbstractStreamOperator<String>
            implements OneInputStreamOperator<String, String> {
        private static final long serialVersionUID = 1;

        @Override
        public void processElement(StreamRecord<String> stream) throws Exception {
            ValueState<BoundWeights> state =
                    getRuntimeContext().getState(ModelOperator.FAST_WEIGHTS);
            state.update(KNOWN.get(stream.getValue()));
        }
    }

    @Test
    void tellsWhatWasKeptStreamByStream() throws Exception {
        var before =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new Kept(), stream -> stream, Types.STRING);
        before.open();
        for (String stream : KNOWN.keySet()) {
            before.processElement(new StreamRecord<>(stream));
        }
        OperatorSubtaskState stored = before.snapshot(1, 1);
        before.close();

        var after =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new LearnedWeights(), (String stream) -> stream, Types.STRING);
        after.initializeState(stored);
        after.open();
        after.processElement(new StreamRecord<>("x"));
        assertThat(after.getOutput()).isEmpty();
        after.getOperator().finish();
        Map<String, BoundWeights> told = new LinkedHashMap<>();
        for (Tuple2<String, byte[]> one : after.extractOutputValues()) {
            told.put(
                    one.f0,
                    FastWeightsFormat.read(new DataInputStream(new ByteArrayInputStream(one.f1))));
        }
        after.close();
        assertThat(told).isEqualTo(KNOWN);
        assertThat(told.keySet()).containsExactly("a", "b", "c/d");
    }
}
