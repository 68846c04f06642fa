/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.FastWeightsFormat;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Keeps fast weights in state as {@link FastWeightsFormat} has it, each with its version. */
final class FastWeightsSerializer extends TypeSerializerSingleton<BoundWeights> {
    static final FastWeightsSerializer INSTANCE = new FastWeightsSerializer();
    private static final int VARIABLE = -1;

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public BoundWeights createInstance() {
        return new BoundWeights(FastWeights.none(), "");
    }

    @Override
    public BoundWeights copy(BoundWeights from) {
        return from;
    }

    @Override
    public BoundWeights copy(BoundWeights from, BoundWeights reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return VARIABLE;
    }

    @Override
    public void serialize(BoundWeights weights, DataOutputView target) throws IOException {
        FastWeightsFormat.write(weights, target);
    }

    @Override
    public BoundWeights deserialize(DataInputView source) throws IOException {
        return FastWeightsFormat.read(source);
    }

    @Override
    public BoundWeights deserialize(BoundWeights reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<BoundWeights> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format has its own version, so there is nothing to say of the serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<BoundWeights> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
