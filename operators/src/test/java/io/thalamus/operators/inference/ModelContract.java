/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.TokenFrame;
import io.thalamus.schemas.WireRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link StreamModel} must keep, bit for bit. A model's test extends this and says how
 * it is opened; one whose weights can be learned also says what could have been.
 */
public abstract class ModelContract {
    private static final SampleRate HOURLY = SampleRate.ofPeriod(Duration.ofHours(1));
    private static final int STREAMS = 17;

    private final SplittableRandom random = new SplittableRandom(2718);
    private GraphEngine engine;
    private StreamModel model;
    private ModelSignature signature;

    /** Opens the model; the engine outlives it. */
    protected abstract StreamModel open(GraphEngine on);

    /** Opens what the model runs on. */
    protected GraphEngine openEngine() {
        return GraphEngines.open(GraphEngines.DEFAULT);
    }

    /** Something that a stream may have learned; nothing, for a model that does not learn. */
    protected FastWeights fastWeights(GraphEngine on, SignalFrame window, SplittableRandom chance) {
        return FastWeights.none();
    }

    /** A window that a stream may have: an offset, two periods and noise in each channel. */
    protected float[] samples(ModelSignature form, SplittableRandom chance) {
        return samples(form, form.windowLength(), chance);
    }

    /** Of a window of a length. */
    protected static float[] samples(ModelSignature form, int length, SplittableRandom chance) {
        float[] samples = new float[form.channels() * length];
        double slow = 3 + chance.nextInt(length);
        double fast = 2 + chance.nextInt(12);
        for (int i = 0; i < samples.length; i++) {
            int t = i % length;
            samples[i] =
                    (float)
                            (5 * (i / length)
                                    + 3 * Math.sin(2 * Math.PI * t / slow)
                                    + 2 * Math.sin(2 * Math.PI * t / fast)
                                    + chance.nextDouble());
        }
        return samples;
    }

    /**
     * What a stream may carry that makes a difference to a window, made of what the same window has
     * left; that itself, for most models.
     */
    protected CarriedState past(CarriedState ofTheSameWindow) {
        return ofTheSameWindow;
    }

    @BeforeEach
    final void openModel() {
        engine = openEngine();
        model = open(engine);
        signature = model.signature();
    }

    /** Whether codes come beside the results, as the factory says. */
    protected boolean givesCodesToo() {
        return false;
    }

    @AfterEach
    final void closeModel() {
        model.close();
        engine.close();
    }

    @Test
    void givesOneResultOfOneShapeForEachElement() {
        for (int size : new int[] {1, 2, 7}) {
            List<ModelInput> batch = batch(size);
            List<ModelOutput> outputs = model.infer(batch);
            assertThat(outputs).hasSize(size);
            for (int i = 0; i < size; i++) {
                ModelOutput output = outputs.get(i);
                assertThat(output.values()).hasSameSizeAs(outputs.get(0).values()).isNotEmpty();
                if (signature.horizon() > 0) {
                    assertThat(output.values()).hasSize(signature.channels() * signature.horizon());
                }
                for (float value : output.values()) {
                    assertThat(value).isFinite();
                }
                SignalFrame window = batch.get(i).window();
                assertThat(model.interpret(window, output))
                        .hasOnlyElementsOfTypes(
                                signature.result(),
                                givesCodesToo() ? TokenFrame.class : signature.result())
                        .allSatisfy(record -> assertKeyOf(window, record));
            }
        }
    }

    /** What is a frame may be of a stream that comes of the window's own. */
    private static void assertKeyOf(SignalFrame window, WireRecord record) {
        String stream = window.streamId();
        if (record instanceof SignalFrame && !record.key().equals(stream)) {
            assertThat(record.key()).startsWith(stream + "/");
        } else {
            assertThat(record.key()).isEqualTo(stream);
        }
    }

    @Test
    void carriesStateIfItSaysSo() {
        for (ModelOutput output : model.infer(batch(3))) {
            assertThat(output.state().arrays().isEmpty()).isEqualTo(!signature.carriesState());
        }
    }

    @Test
    void batchOfManyIsManyBatchesOfOne() {
        List<ModelInput> streams = batch(STREAMS);
        List<Bits> alone = streams.stream().map(this::alone).toList();
        for (int size : new int[] {2, 3, 8, STREAMS}) {
            assertThat(infer(streams.subList(0, size))).isEqualTo(alone.subList(0, size));
        }
    }

    @Test
    void orderWithinABatchIsIrrelevant() {
        List<ModelInput> streams = batch(STREAMS);
        List<Bits> inOrder = infer(streams);
        List<Integer> order = new ArrayList<>(IntStream.range(0, STREAMS).boxed().toList());
        for (int i = 0; i < 3; i++) {
            Collections.shuffle(order, new Random(i));
            assertThat(infer(order.stream().map(streams::get).toList()))
                    .isEqualTo(order.stream().map(inOrder::get).toList());
        }
    }

    @Test
    void sameInputTwiceGivesTheSame() {
        List<ModelInput> streams = batch(5);
        List<Bits> first = infer(streams);
        infer(batch(4));
        assertThat(infer(streams)).isEqualTo(first);
    }

    @Test
    void leavesWhatItIsGivenAlone() {
        List<ModelInput> streams = batch(4);
        List<ModelInput> copies = streams.stream().map(ModelContract::copy).toList();
        model.infer(streams);
        for (int i = 0; i < streams.size(); i++) {
            ModelInput input = streams.get(i);
            ModelInput copy = copies.get(i);
            assertThat(input.window()).isEqualTo(copy.window());
            assertThat(bits(input.state().arrays())).isEqualTo(bits(copy.state().arrays()));
            assertThat(bits(input.fastWeights().deltas()))
                    .isEqualTo(bits(copy.fastWeights().deltas()));
        }
    }

    @Test
    void leavesWhatItHasGivenAlone() {
        List<ModelOutput> outputs = model.infer(batch(4));
        List<Bits> before = outputs.stream().map(Bits::of).toList();
        model.infer(batch(4));
        model.infer(batch(9));
        assertThat(outputs.stream().map(Bits::of)).isEqualTo(before);
    }

    /** What a stream remembers is in its state, and nowhere else. */
    @Test
    void anotherModelGoesOnWhereOneHasStopped() {
        List<ModelInput> windows = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            windows.add(input("stream", CarriedState.empty(), FastWeights.none()));
        }
        List<Bits> inOne = follow(windows, model, model);
        try (GraphEngine other = openEngine();
                StreamModel fresh = open(other)) {
            assertThat(follow(windows, model, fresh)).isEqualTo(inOne);
        }
    }

    private static List<Bits> follow(
            List<ModelInput> windows, StreamModel first, StreamModel then) {
        List<Bits> results = new ArrayList<>();
        CarriedState state = CarriedState.empty();
        for (int i = 0; i < windows.size(); i++) {
            ModelInput input =
                    new ModelInput(windows.get(i).window(), state, windows.get(i).fastWeights());
            StreamModel which = i < windows.size() / 2 ? first : then;
            ModelOutput output = which.infer(List.of(input)).get(0);
            state = output.state();
            results.add(Bits.of(output));
        }
        return results;
    }

    @Test
    void stateMattersIfItIsCarried() {
        if (signature.carriesState()) {
            ModelInput fresh = input("stream", CarriedState.empty(), FastWeights.none());
            CarriedState past = past(model.infer(List.of(fresh)).get(0).state());
            ModelInput later = new ModelInput(fresh.window(), past, fresh.fastWeights());
            assertThat(alone(later).values()).isNotEqualTo(alone(fresh).values());
        }
    }

    @Test
    void whatOneStreamHasLearnedStaysWithIt() {
        List<ModelInput> unlearned =
                batch(5).stream()
                        .map(i -> new ModelInput(i.window(), i.state(), FastWeights.none()))
                        .toList();
        List<Bits> before = infer(unlearned);
        FastWeights learned = fastWeights();
        for (int i = 0; i < unlearned.size(); i++) {
            List<ModelInput> batch = new ArrayList<>(unlearned);
            ModelInput one = unlearned.get(i);
            batch.set(i, new ModelInput(one.window(), one.state(), learned));
            List<Bits> results = infer(batch);
            if (learned.deltas().isEmpty()) {
                assertThat(results).isEqualTo(before);
            } else {
                assertThat(results.get(i)).isNotEqualTo(before.get(i));
                results.set(i, before.get(i));
                assertThat(results).isEqualTo(before);
            }
        }
    }

    /** Windows without information, or with too much, harm neither their neighbours nor others. */
    @Test
    void strangeWindowsHarmNobodyElse() {
        List<ModelInput> ordinary = batch(2);
        List<Bits> before = infer(ordinary);
        int size = ordinary.get(0).window().samples().length;
        for (float value :
                new float[] {0, 1, Float.NaN, 1e30f, Float.MIN_VALUE, Float.POSITIVE_INFINITY}) {
            float[] samples = new float[size];
            Arrays.fill(samples, value);
            ModelInput strange = input("strange", samples, FastWeights.none());
            List<Bits> results = infer(List.of(ordinary.get(0), strange, ordinary.get(1)));
            assertThat(List.of(results.get(0), results.get(2)))
                    .as("beside windows of %s", value)
                    .isEqualTo(before);
            assertThat(infer(ordinary)).as("after windows of %s", value).isEqualTo(before);
        }
        float[] gap = ordinary.get(0).window().samples().clone();
        Arrays.fill(gap, 0, (gap.length + 2) / 3, Float.NaN);
        infer(List.of(input("gap", gap, FastWeights.none())));
        assertThat(infer(ordinary)).as("after a window with a gap").isEqualTo(before);
    }

    @Test
    void twoThreadsWithTheirOwnModelsAgree() throws InterruptedException, ExecutionException {
        List<ModelInput> streams = batch(3);
        List<Bits> expected = infer(streams);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> runs = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                runs.add(threads.submit(() -> agreeInAModelOfTheirOwn(streams, expected)));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void agreeInAModelOfTheirOwn(List<ModelInput> streams, List<Bits> expected) {
        try (GraphEngine own = openEngine();
                StreamModel mine = open(own)) {
            for (int i = 0; i < 30; i++) {
                List<Bits> found = mine.infer(streams).stream().map(Bits::of).toList();
                assertThat(found).isEqualTo(expected);
            }
        }
    }

    @Test
    void memoryStaysFlat() {
        List<ModelInput> streams = batch(3);
        ResidentMemory.assertFlat(() -> model.infer(streams), 1200, 48);
    }

    private List<ModelInput> batch(int size) {
        List<ModelInput> batch = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            // every third stream has a past, every other one has learned something
            FastWeights learned = i % 2 == 1 ? fastWeights() : FastWeights.none();
            CarriedState past = CarriedState.empty();
            if (i % 3 == 2) {
                past = model.infer(List.of(input("stream " + i, past, learned))).get(0).state();
            }
            batch.add(input("stream " + i, past, learned));
        }
        return batch;
    }

    private FastWeights fastWeights() {
        return fastWeights(engine, window("taught", samples(signature, random)), random);
    }

    private ModelInput input(String stream, CarriedState past, FastWeights learned) {
        return new ModelInput(window(stream, samples(signature, random)), past, learned);
    }

    private ModelInput input(String stream, float[] samples, FastWeights learned) {
        return new ModelInput(window(stream, samples), CarriedState.empty(), learned);
    }

    private SignalFrame window(String stream, float[] samples) {
        List<String> channels =
                IntStream.range(0, signature.channels()).mapToObj(c -> "c" + c).toList();
        long start = 1_700_000_000_000_000_000L + HOURLY.nanosOf(random.nextInt(10_000));
        return new SignalFrame(stream, 0, 0, start, HOURLY, channels, samples, 0);
    }

    private static ModelInput copy(ModelInput input) {
        SignalFrame window = input.window();
        return new ModelInput(
                window.withSamples(window.samples().clone(), window.quality()),
                new CarriedState(copy(input.state().arrays())),
                new FastWeights(input.fastWeights().updates(), copy(input.fastWeights().deltas())));
    }

    private static Map<String, float[]> copy(Map<String, float[]> arrays) {
        return arrays.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().clone()));
    }

    private Bits alone(ModelInput input) {
        return infer(List.of(input)).get(0);
    }

    private List<Bits> infer(List<ModelInput> batch) {
        return model.infer(batch).stream()
                .map(Bits::of)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static Map<String, List<Integer>> bits(Map<String, float[]> arrays) {
        return arrays.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> bits(e.getValue())));
    }

    private static List<Integer> bits(float[] values) {
        return IntStream.range(0, values.length)
                .mapToObj(i -> Float.floatToRawIntBits(values[i]))
                .toList();
    }

    /** An output that compares by its bits. */
    private record Bits(List<Integer> values, Map<String, List<Integer>> state) {
        static Bits of(ModelOutput output) {
            return new Bits(bits(output.values()), bits(output.state().arrays()));
        }

        @Override
        public String toString() {
            List<Float> first = values.stream().limit(8).map(Float::intBitsToFloat).toList();
            return "%s ... %08x, state %08x".formatted(first, values.hashCode(), state.hashCode());
        }
    }
}
