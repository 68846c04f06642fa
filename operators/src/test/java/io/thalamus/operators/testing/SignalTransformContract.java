/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;

/**
 * What every transform must keep: any cutting of a segment into frames gives the same bits, a state
 * that has been stored and read back goes on as if nothing had happened, input frames stay as they
 * are, and the output has the shape that was announced.
 */
public abstract class SignalTransformContract {
    private static final int SAMPLES = 150;

    /** The transform under test; for streams of {@link #channels} channels. */
    protected abstract SignalTransform transform();

    protected int channels() {
        return 3;
    }

    private TestStream stream(double missing) {
        return TestStream.of("s").withChannels(channels()).withMissing(missing);
    }

    @Property(tries = 200)
    void anyCuttingGivesTheSameBits(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 60) Integer> lengths,
            @ForAll @DoubleRange(max = 0.9) double missing)
            throws Exception {
        List<SignalFrame> whole = run(stream(missing).frames(7, 7 + SAMPLES, SAMPLES), -1);
        List<SignalFrame> cut = run(stream(missing).frames(7, 7 + SAMPLES, ints(lengths)), -1);
        assertSameSignal(cut, whole);
    }

    @Property(tries = 100)
    void aStoredStateGoesOn(
            @ForAll @IntRange(min = 1, max = 40) int length,
            @ForAll @IntRange(max = 20) int storedAfter,
            @ForAll @DoubleRange(max = 0.9) double missing)
            throws Exception {
        List<SignalFrame> frames = stream(missing).frames(0, SAMPLES, length);
        assertThat(run(frames, storedAfter)).isEqualTo(run(frames, -1));
    }

    @Property(tries = 50)
    void inputsStayAsTheyAre(
            @ForAll @IntRange(min = 1, max = 40) int length,
            @ForAll @DoubleRange(max = 0.9) double missing)
            throws Exception {
        List<SignalFrame> frames = stream(missing).frames(0, SAMPLES, length);
        run(frames, -1);
        assertThat(frames).isEqualTo(stream(missing).frames(0, SAMPLES, length));
    }

    @Property(tries = 1)
    void outputsHaveTheShapeThatWasAnnounced() throws Exception {
        List<SignalFrame> frames = stream(0).frames(0, SAMPLES, 10);
        StreamShape announced = transform().outputShape(StreamShape.of(frames.get(0)));
        assertThat(run(frames, -1)).isNotEmpty().map(StreamShape::of).containsOnly(announced);
    }

    /** Runs one segment; the state is stored and read back before the frame of that index. */
    private List<SignalFrame> run(List<SignalFrame> frames, int storedBefore) throws Exception {
        SignalTransform transform = InstantiationUtil.clone(transform());
        TransformState state = transform.start(StreamShape.of(frames.get(0)));
        List<SignalFrame> out = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            if (i == storedBefore) {
                state = storedAndReadBack(state);
            }
            transform.apply(frames.get(i), state, out::add);
        }
        return out;
    }

    private static TransformState storedAndReadBack(TransformState state) throws IOException {
        TypeSerializer<TransformState> serializer =
                TypeInformation.of(TransformState.class)
                        .createSerializer(new SerializerConfigImpl());
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(state, out);
        return serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
    }

    private static void assertSameSignal(List<SignalFrame> actual, List<SignalFrame> expected) {
        assertThat(samplesOf(actual)).isEqualTo(samplesOf(expected));
    }

    /** Every sample with its number, time and values, whatever frame it lies in. */
    private static List<String> samplesOf(List<SignalFrame> frames) {
        List<String> samples = new ArrayList<>();
        for (SignalFrame frame : frames) {
            long origin = frame.startNanos() - frame.rate().nanosOf(frame.sequence());
            for (int i = 0; i < frame.length(); i++) {
                StringBuilder text = new StringBuilder();
                text.append(frame.sequence() + i).append('@').append(origin);
                for (int channel = 0; channel < frame.channels().size(); channel++) {
                    text.append(' ')
                            .append(
                                    Integer.toHexString(
                                            Float.floatToIntBits(frame.sample(channel, i))));
                }
                samples.add(text.toString());
            }
        }
        return samples;
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }
}
