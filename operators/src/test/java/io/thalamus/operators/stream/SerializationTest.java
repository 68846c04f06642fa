/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.signal.OverlapState;
import io.thalamus.operators.signal.SlicerState;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformMemory;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.operators.signal.TriggerState;
import io.thalamus.operators.signal.alignment.AlignmentState;
import io.thalamus.operators.signal.alignment.Member;
import io.thalamus.operators.signal.alignment.Points;
import io.thalamus.operators.signal.alignment.Position;
import io.thalamus.operators.signal.alignment.Run;
import io.thalamus.operators.signal.amplitude.SampleRuns;
import io.thalamus.operators.signal.detection.DetectionState;
import io.thalamus.operators.signal.detection.OpenEvent;
import io.thalamus.operators.signal.detection.ThresholdState;
import io.thalamus.operators.signal.imputation.ImputationState;
import io.thalamus.operators.signal.imputation.Stretch;
import io.thalamus.operators.signal.rate.DriftEstimate;
import io.thalamus.operators.signal.rate.GridState;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that travels or is kept has Flink's own serializer, never Kryo's. */
class SerializationTest {

    static Stream<Class<?>> records() {
        return Arrays.stream(WireRecord.class.getPermittedSubclasses());
    }

    static Stream<Class<?>> states() {
        return Stream.of(
                SegmentPosition.class,
                Counting.class,
                Counting.PastClock.class,
                SegmentClock.class,
                DriftEstimate.class,
                SegmentMemory.class,
                SampleRuns.class,
                GridPosition.class,
                GridState.class,
                AlignmentState.class,
                Member.class,
                Run.class,
                Points.class,
                Position.class,
                TransformMemory.class,
                TransformState.class,
                StreamShape.class,
                SlicerState.class,
                TriggerState.class,
                OverlapState.class,
                ImputationState.class,
                Stretch.class,
                DetectionState.class,
                ThresholdState.class,
                OpenEvent.class,
                ModelMemory.class,
                Obedience.class,
                CheckedCommand.class,
                CarriedState.class,
                ScoringProgress.class,
                SamplePosition.class,
                RecentErrors.class,
                ForecastTotals.class);
    }

    @ParameterizedTest
    @MethodSource({"records", "states"})
    void isAPojo(Class<?> type) {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(type);
    }

    @Test
    void allRecordsAreThere() {
        assertThat(records()).hasSize(11);
    }

    @Test
    void mapsOfArraysComeBackAsTheyWere() throws Exception {
        CarriedState state =
                new CarriedState(Map.of("a", new float[] {1, Float.MIN_VALUE}, "b", new float[0]));
        CarriedState back = roundTrip(CarriedState.class, state);
        assertThat(back).usingRecursiveComparison().isEqualTo(state);
        assertThat(roundTrip(CarriedState.class, CarriedState.empty()))
                .usingRecursiveComparison()
                .isEqualTo(CarriedState.empty());
    }

    @Test
    void fastWeightsComeBackAsTheyWere() throws Exception {
        BoundWeights weights =
                new BoundWeights(
                        new FastWeights(7, Map.of("a", new float[] {1}), Map.of("b", new float[2])),
                        "0f".repeat(BoundWeights.DIGEST_BYTES),
                        "tent");
        FastWeightsSerializer serializer = FastWeightsSerializer.INSTANCE;
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(weights, out);
        assertThat(out.length()).isEqualTo(weights.bytes());
        DataOutputSerializer copy = new DataOutputSerializer(64);
        serializer.copy(new DataInputDeserializer(out.getCopyOfBuffer()), copy);
        assertThat(serializer.deserialize(new DataInputDeserializer(copy.getCopyOfBuffer())))
                .isEqualTo(weights);
        var restored = serializer.snapshotConfiguration().restoreSerializer();
        assertThat(restored).isSameAs(serializer);
    }

    @Test
    void framesComeBackAsTheyWere() throws Exception {
        SignalFrame frame = TestStream.of("s").withMissing(0.5).frame(3, 9);
        assertThat(roundTrip(SignalFrame.class, frame)).isEqualTo(frame);
    }

    private static <T> T roundTrip(Class<T> type, T value) throws IOException {
        TypeSerializer<T> serializer =
                TypeInformation.of(type).createSerializer(new SerializerConfigImpl());
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(serializer.copy(value), out);
        return serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
    }
}
