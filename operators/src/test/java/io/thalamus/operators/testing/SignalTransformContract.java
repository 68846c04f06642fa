/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.thalamus.operators.signal.FrameTransform;
import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformMemory;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Assume;
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
 * What every transform must keep: any cutting of a segment into frames gives the same bits, and so
 * does the whole segment as arrays; a state that has been stored and read back goes on as if
 * nothing had happened; a missing value does not spoil what comes long after it; no output comes
 * later than the latency says; inputs stay as they are, the output has the shape that was
 * announced, and in steady state nothing is allocated.
 */
public abstract class SignalTransformContract {
    private static final long FIRST = 7;

    /** The transform under test; for streams of {@link #channels} channels. */
    protected abstract SignalTransform transform();

    protected int channels() {
        return 3;
    }

    protected SampleRate rate() {
        return SampleRate.ofHertz(3);
    }

    /** How long the segments are; some multiple of what the transform remembers. */
    protected int samples() {
        return 150;
    }

    protected final TestStream stream(double missing) {
        return TestStream.of("s").withRate(rate()).withChannels(channels()).withMissing(missing);
    }

    private StreamShape shape() {
        return new StreamShape(stream(0).names(), rate());
    }

    @Property(tries = 100)
    void anyCuttingGivesTheSameBits(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 60) Integer> lengths,
            @ForAll @DoubleRange(max = 0.9) double missing)
            throws Exception {
        long end = FIRST + samples();
        List<SignalFrame> whole = run(stream(missing).frames(FIRST, end, samples()), -1);
        List<SignalFrame> cut = run(stream(missing).frames(FIRST, end, ints(lengths)), -1);
        assertThat(samplesOf(cut)).isEqualTo(samplesOf(whole));
    }

    @Property(tries = 50)
    void arraysGiveTheSameBits(
            @ForAll @IntRange(min = 1, max = 60) int length,
            @ForAll @DoubleRange(max = 0.9) double missing)
            throws Exception {
        TestStream stream = stream(missing);
        double[][] in = new double[channels()][samples()];
        for (int channel = 0; channel < channels(); channel++) {
            for (int n = 0; n < samples(); n++) {
                in[channel][n] = stream.value(channel, FIRST + n);
            }
        }
        double[][] out = SignalChain.whole(in, shape(), List.of(transform()));
        int n = 0;
        for (SignalFrame frame : run(stream.frames(FIRST, FIRST + samples(), length), -1)) {
            for (int i = 0; i < frame.length(); i++, n++) {
                for (int channel = 0; channel < out.length; channel++) {
                    assertThat(Float.floatToIntBits(frame.sample(channel, i)))
                            .as("channel %d, sample %d", channel, n)
                            .isEqualTo(Float.floatToIntBits((float) out[channel][n]));
                }
            }
        }
        assertThat(out[0]).hasSize(n);
    }

    @Property(tries = 50)
    void aStoredStateGoesOn(
            @ForAll @IntRange(min = 1, max = 40) int length,
            @ForAll @IntRange(max = 20) int storedAfter,
            @ForAll @DoubleRange(max = 0.9) double missing)
            throws Exception {
        List<SignalFrame> frames = stream(missing).frames(0, samples(), length);
        Assume.that(storedAfter < frames.size());
        assertThat(run(frames, storedAfter)).isEqualTo(run(frames, -1));
    }

    @Property(tries = 20)
    void inputsStayAsTheyAre(
            @ForAll @IntRange(min = 1, max = 40) int length,
            @ForAll @DoubleRange(max = 0.9) double missing)
            throws Exception {
        List<SignalFrame> frames = stream(missing).frames(0, samples(), length);
        run(frames, -1);
        assertThat(frames).isEqualTo(stream(missing).frames(0, samples(), length));
    }

    @Property(tries = 1)
    void outputsHaveTheShapeThatWasAnnounced() throws Exception {
        StreamShape announced = transform().prepare(shape()).outputShape();
        assertThat(run(stream(0).frames(0, samples(), 10), -1))
                .isNotEmpty()
                .map(StreamShape::of)
                .containsOnly(announced);
    }

    /** Values that are missing early on, and infinite ones, leave the end of the segment alone. */
    @Property(tries = 10)
    void recoversFromMissingValues(@ForAll @IntRange(min = 1, max = 40) int length)
            throws Exception {
        List<SignalFrame> frames = new ArrayList<>();
        for (SignalFrame frame : stream(0).frames(0, samples(), length)) {
            float[] samples = frame.samples().clone();
            for (int i = 0; i < samples.length; i++) {
                long n = frame.sequence() + i % frame.length();
                if (n % 5 == 2 && n < samples() / 10) {
                    samples[i] = n % 2 == 0 ? Float.NaN : Float.POSITIVE_INFINITY;
                }
            }
            frames.add(frame.withSamples(samples, 0));
        }
        List<SignalFrame> out = run(frames, -1);
        SignalFrame last = out.get(out.size() - 1);
        for (int channel = 0; channel < last.channels().size(); channel++) {
            assertThat(last.sample(channel, last.length() - 1)).isFinite();
        }
    }

    @Property(tries = 20)
    void outputsComeNoLaterThanTheLatencySays(@ForAll @IntRange(min = 1, max = 40) int length) {
        PreparedTransform prepared = transform().prepare(shape());
        TransformState state = prepared.start();
        SampleBlock out = new SampleBlock(prepared.outputShape().channels().size());
        double inputsPerOutput = rate().hertz() / prepared.outputShape().rate().hertz();
        int seen = 0;
        for (SignalFrame frame : stream(0).frames(0, samples(), length)) {
            prepared.apply(block(frame), state, out);
            seen += frame.length();
            // Of the first sample that has not been given, not all that it waits for has come.
            double due = Math.ceil(out.length() * inputsPerOutput - 1e-9) + prepared.latency();
            assertThat(due).as("after %d samples", seen).isGreaterThan(seen - 1);
        }
    }

    @Property(tries = 1)
    void allocatesNothingInSteadyState() {
        PreparedTransform prepared = transform().prepare(shape());
        TransformState state = prepared.start();
        SampleBlock in = block(stream(0).frame(0, samples()));
        SampleBlock out = new SampleBlock(prepared.outputShape().channels().size());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // The virtual machine itself may allocate once in a while, as when it compiles.
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20; i++) {
                out.clear();
                prepared.apply(in, state, out);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as("bytes in twenty blocks").isLessThan(20 * 16);
    }

    /** Runs one segment; the memory is stored and read back before the frame of that index. */
    private List<SignalFrame> run(List<SignalFrame> segment, int storedBefore) throws Exception {
        FrameTransform frames = new FrameTransform(InstantiationUtil.clone(transform()));
        TransformMemory memory = frames.before(segment.get(0));
        List<SignalFrame> out = new ArrayList<>();
        for (int i = 0; i < segment.size(); i++) {
            if (i == storedBefore) {
                memory = storedAndReadBack(memory);
                frames = new FrameTransform(InstantiationUtil.clone(transform()));
            }
            memory = frames.apply(segment.get(i), memory, out::add);
        }
        frames.finish(memory, out::add);
        return out;
    }

    private static TransformMemory storedAndReadBack(TransformMemory memory) throws IOException {
        TypeSerializer<TransformMemory> serializer =
                TypeInformation.of(TransformMemory.class)
                        .createSerializer(new SerializerConfigImpl());
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(memory, out);
        return serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
    }

    private static SampleBlock block(SignalFrame frame) {
        double[][] samples = new double[frame.channels().size()][frame.length()];
        for (int channel = 0; channel < samples.length; channel++) {
            for (int i = 0; i < frame.length(); i++) {
                samples[channel][i] = frame.sample(channel, i);
            }
        }
        return SampleBlock.of(samples);
    }

    /** Every sample with its number and values, whatever frame it lies in, and frames' times. */
    private static List<String> samplesOf(List<SignalFrame> frames) {
        List<String> samples = new ArrayList<>();
        for (SignalFrame frame : frames) {
            long since = frame.sequence() - frames.get(0).sequence();
            assertThat(frame.startNanos())
                    .isEqualTo(frames.get(0).startNanos() + frame.rate().nanosOf(since));
            for (int i = 0; i < frame.length(); i++) {
                StringBuilder text = new StringBuilder();
                text.append(frame.sequence() + i);
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
