/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.FastWeightsFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Stands in the place of a model step, under its uid, in a job that is restored from the savepoint
 * or checkpoint of a pipeline: tells what each stream has learned, in the order of the streams, as
 * {@link FastWeightsFormat} writes it. What comes in is passed over; the end of it is what it waits
 * for.
 */
public final class LearnedWeights extends AbstractStreamOperator<Tuple2<String, byte[]>>
        implements OneInputStreamOperator<String, Tuple2<String, byte[]>> {
    private static final long serialVersionUID = 1;

    private transient ValueState<BoundWeights> learned;

    @Override
    public void open() throws Exception {
        super.open();
        learned = getRuntimeContext().getState(ModelOperator.FAST_WEIGHTS);
    }

    @Override
    public void processElement(StreamRecord<String> element) {
        // The state is what is asked for.
    }

    @Override
    public void finish() throws Exception {
        List<String> streams;
        try (Stream<String> keys =
                this.<String>getKeyedStateBackend()
                        .getKeys(ModelOperator.FAST_WEIGHTS.getName(), VoidNamespace.INSTANCE)) {
            streams = keys.sorted().toList();
        }
        for (String stream : streams) {
            setCurrentKey(stream);
            BoundWeights own = learned.value();
            DataOutputSerializer bytes = new DataOutputSerializer(own.bytes());
            FastWeightsFormat.write(own, bytes);
            output.collect(new StreamRecord<>(Tuple2.of(stream, bytes.getCopyOfBuffer())));
        }
        super.finish();
    }
}
