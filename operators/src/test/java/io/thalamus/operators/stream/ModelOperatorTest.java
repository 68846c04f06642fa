/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.CollapseMonitor;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.FastWeightsFormat;
import io.thalamus.operators.adaptation.GuardedPlasticity;
import io.thalamus.operators.adaptation.Guards;
import io.thalamus.operators.adaptation.Incident;
import io.thalamus.operators.adaptation.Leash;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.operators.adaptation.ResetRule;
import io.thalamus.operators.adaptation.ShadowScore;
import io.thalamus.operators.adaptation.SurpriseGate;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.FastWeightsFile;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.signal.Padding;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.stream.ModelHarness.Setup;
import io.thalamus.operators.testing.LeakyMean;
import io.thalamus.operators.testing.LeakyMeanFactory;
import io.thalamus.operators.testing.LearnedGain;
import io.thalamus.operators.testing.NoEngine;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.AdaptationEvent;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelOperatorTest {
    private static final int WINDOW = 6;
    private static final int HORIZON = 3;
    private static final int CHANNELS = 2;
    private static final Duration LONG = Duration.ofDays(1);

    /** In batches of three windows, with guards that are busy. */
    private static final AdaptationSettings LEARNING =
            new AdaptationSettings(
                    AdaptationSettings.Rule.DELAYED_ERROR,
                    1,
                    0.05,
                    0,
                    3,
                    new Guards(
                            new Leash(0.01, 0.5),
                            new ResetRule(new SurpriseGate(0.1, 0.05, 2), 0.5, 0.01, 1.1, 4, 20),
                            CollapseMonitor.NONE,
                            new ShadowScore(2, 0.2, 1, 0, 2),
                            2,
                            false,
                            1),
                    AdaptationSettings.BUDGET,
                    AdaptationSettings.BUDGET);

    @TempDir Path folder;
    private Path withMemory;
    private Path withoutMemory;

    @BeforeEach
    void writeBundles() throws Exception {
        withMemory = bundle("remembering", true);
        withoutMemory = bundle("forgetting", false);
    }

    private Path bundle(String name, boolean memory) throws Exception {
        return LeakyMeanFactory.writeBundle(
                folder.resolve(name), CHANNELS, WINDOW, HORIZON, memory);
    }

    /** With and without what makes a stream's windows take turns. */
    enum Kind {
        STATELESS,
        REMEMBERING,
        LEARNING,
        BOTH;

        boolean remembers() {
            return this == REMEMBERING || this == BOTH;
        }

        AdaptationSettings adaptation() {
            return this == LEARNING || this == BOTH
                    ? ModelOperatorTest.LEARNING
                    : AdaptationSettings.FROZEN;
        }
    }

    private Setup setup(Kind kind, int batchSize) {
        return new Setup(
                kind.remembers() ? withMemory : withoutMemory, kind.adaptation(), batchSize, LONG);
    }

    private static SignalFrame window(TestStream stream, int index) {
        return stream.frame(4L * index, WINDOW);
    }

    /** Windows of five streams, each in its order, mixed at random; segments change on the way. */
    private static List<SignalFrame> traffic(long seed) {
        Random random = new Random(seed);
        int[] next = new int[5];
        List<SignalFrame> windows = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            int stream = random.nextInt(next.length);
            for (int burst = random.nextInt(4); burst > 0; burst--) {
                int index = next[stream]++;
                windows.add(window(TestStream.of("s" + stream), index).withSegment(index / 10));
            }
        }
        return windows;
    }

    /** What each stream's results are: one window after the other, by the definition. */
    private Map<String, List<Forecast>> expected(Kind kind, List<SignalFrame> windows)
            throws Exception {
        return expected(kind, windows, new ArrayList<>());
    }

    private Map<String, List<Forecast>> expected(
            Kind kind, List<SignalFrame> windows, List<Incident> incidents) throws Exception {
        ModelBundle bundle = ModelBundle.open(kind.remembers() ? withMemory : withoutMemory);
        Map<String, List<Forecast>> results = new HashMap<>();
        Map<String, CarriedState> carried = new HashMap<>();
        Map<String, Integer> segments = new HashMap<>();
        Map<String, FastWeights> learned = new HashMap<>();
        GuardedPlasticity plasticity =
                new GuardedPlasticity(new LearnedGain(CHANNELS, 0.05f, 3), LEARNING.guards());
        try (StreamModel model = new LeakyMeanFactory().open(bundle, new NoEngine())) {
            for (SignalFrame window : windows) {
                String id = window.streamId();
                if (segments.getOrDefault(id, -1) != window.segment()) {
                    carried.put(id, CarriedState.empty());
                    segments.put(id, window.segment());
                }
                FastWeights before = learned.getOrDefault(id, FastWeights.none());
                CarriedState entering = carried.get(id);
                ModelOutput output =
                        model.infer(List.of(new ModelInput(window, entering, before))).get(0);
                carried.put(id, output.state());
                if (kind.adaptation().adapts()) {
                    List<float[]> probed = new ArrayList<>();
                    for (FastWeights probe : plasticity.probes(before, window)) {
                        ModelInput other = new ModelInput(window, entering, probe);
                        probed.add(model.infer(List.of(other)).get(0).values());
                    }
                    Lesson lesson = plasticity.learn(before, window, output.values(), probed);
                    learned.put(id, lesson.after());
                    incidents.addAll(lesson.incidents());
                }
                results.computeIfAbsent(id, key -> new ArrayList<>())
                        .add((Forecast) model.interpret(window, output).get(0));
            }
        }
        return results;
    }

    private static Map<String, List<Forecast>> byStream(List<Forecast> results) {
        return results.stream().collect(Collectors.groupingBy(Forecast::streamId));
    }

    @ParameterizedTest
    @EnumSource
    void everyBatchSizeGivesWhatTheStreamsGiveAlone(Kind kind) throws Exception {
        List<SignalFrame> windows = traffic(1);
        Map<String, List<Forecast>> expected = expected(kind, windows);
        for (int batchSize : new int[] {1, 8, 64}) {
            try (ModelHarness<Forecast> harness = ModelHarness.of(setup(kind, batchSize))) {
                harness.send(windows);
                harness.end();
                assertThat(byStream(harness.results()))
                        .as("batch size %d", batchSize)
                        .isEqualTo(expected);
            }
        }
        if (kind != Kind.STATELESS) {
            assertThat(expected)
                    .as("what a stream remembers or learns makes a difference")
                    .isNotEqualTo(expected(Kind.STATELESS, windows));
        }
    }

    @ParameterizedTest
    @EnumSource
    void flushesAtAnyMomentChangeNothing(Kind kind) throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            List<SignalFrame> windows = traffic(seed);
            Random random = new Random(seed);
            try (ModelHarness<Forecast> harness = ModelHarness.of(setup(kind, 8))) {
                for (SignalFrame window : windows) {
                    harness.send(window);
                    switch (random.nextInt(12)) {
                        case 0 -> harness.watermark(random.nextInt(1000));
                        case 1 -> harness.checkpoint();
                        case 2 -> harness.processingTime(random.nextInt(1 << 30));
                        default -> {}
                    }
                }
                harness.end();
                assertThat(byStream(harness.results())).isEqualTo(expected(kind, windows));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void restoredEqualsUninterrupted(Kind kind) throws Exception {
        List<SignalFrame> windows = traffic(2);
        for (int split : new int[] {0, 1, 37, 100, windows.size()}) {
            List<Forecast> results = new ArrayList<>();
            OperatorSubtaskState state;
            try (ModelHarness<Forecast> harness = ModelHarness.of(setup(kind, 8))) {
                harness.send(windows.subList(0, split));
                state = harness.checkpoint();
                results.addAll(harness.results());
                // What comes after the checkpoint is lost with the task.
                harness.send(windows.subList(split, windows.size()));
            }
            try (ModelHarness<Forecast> harness = ModelHarness.restored(setup(kind, 64), state)) {
                harness.send(windows.subList(split, windows.size()));
                harness.end();
                results.addAll(harness.results());
            }
            assertThat(byStream(results)).as("at %d", split).isEqualTo(expected(kind, windows));
        }
    }

    @ParameterizedTest
    @EnumSource
    void rescaledEqualsUninterrupted(Kind kind) throws Exception {
        List<SignalFrame> windows = traffic(3);
        int split = 90;
        int split2 = 160;
        List<Forecast> results = new ArrayList<>();
        OperatorSubtaskState one;
        try (ModelHarness<Forecast> harness = ModelHarness.of(setup(kind, 8))) {
            harness.send(windows.subList(0, split));
            one = harness.checkpoint();
            results.addAll(harness.results());
        }
        OperatorSubtaskState[] two = new OperatorSubtaskState[2];
        for (int subtask = 0; subtask < 2; subtask++) {
            try (ModelHarness<Forecast> harness =
                    ModelHarness.rescaled(setup(kind, 8), 1, 2, subtask, one)) {
                List<SignalFrame> own = ofSubtask(windows.subList(split, split2), subtask, 2);
                assertThat(own).isNotEmpty();
                harness.send(own);
                two[subtask] = harness.checkpoint();
                results.addAll(harness.results());
            }
        }
        try (ModelHarness<Forecast> harness = ModelHarness.rescaled(setup(kind, 8), 2, 1, 0, two)) {
            harness.send(windows.subList(split2, windows.size()));
            harness.end();
            results.addAll(harness.results());
        }
        assertThat(byStream(results)).isEqualTo(expected(kind, windows));
    }

    private static List<SignalFrame> ofSubtask(
            List<SignalFrame> windows, int subtask, int parallelism) {
        return windows.stream()
                .filter(
                        window ->
                                KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                                window.streamId(), 16, parallelism)
                                        == subtask)
                .toList();
    }

    /** The guards of these tests act, so that what they remember matters too. */
    @Test
    void guardsActOnTheWay() throws Exception {
        List<Incident> incidents = new ArrayList<>();
        List<SignalFrame> windows = traffic(2);
        expected(Kind.LEARNING, windows, incidents);
        assertThat(incidents)
                .extracting(Incident::kind)
                .contains(Incident.Kind.RESET, Incident.Kind.ROLL_BACK, Incident.Kind.DRIFT);
        try (ModelHarness<Forecast> harness = ModelHarness.of(setup(Kind.LEARNING, 8))) {
            harness.send(windows);
            harness.end();
            assertThat(harness.adaptationEvents())
                    .hasSameSizeAs(incidents)
                    .allSatisfy(event -> assertThat(event.model()).isNotEmpty())
                    .extracting(event -> event.kind().name() + event.level())
                    .containsExactlyInAnyOrderElementsOf(
                            incidents.stream().map(i -> i.kind().name() + i.value()).toList());
        }
    }

    /** Killed again and again, at random moments: the last checkpoint, and all after it again. */
    @ParameterizedTest
    @EnumSource(names = {"LEARNING", "BOTH"})
    void killedAtAnyMomentLearnsTheSame(Kind kind) throws Exception {
        for (int seed = 0; seed < 15; seed++) {
            Random random = new Random(seed);
            List<SignalFrame> windows = traffic(seed);
            List<Forecast> results = new ArrayList<>();
            OperatorSubtaskState state = null;
            int done = 0;
            while (done < windows.size()) {
                Setup setup = setup(kind, 1 + random.nextInt(20));
                try (ModelHarness<Forecast> harness =
                        state == null
                                ? ModelHarness.of(setup)
                                : ModelHarness.restored(setup, state)) {
                    int checkpoint = Math.min(windows.size(), done + random.nextInt(60));
                    harness.send(windows.subList(done, checkpoint));
                    state = harness.checkpoint();
                    results.addAll(harness.results());
                    int killed = Math.min(windows.size(), checkpoint + random.nextInt(30));
                    harness.send(windows.subList(checkpoint, killed));
                    done = checkpoint;
                }
            }
            assertThat(byStream(results)).as("seed %d", seed).isEqualTo(expected(kind, windows));
        }
    }

    /** As what is learned is a difference to the bundle's weights. */
    @Test
    void aStreamThatLearnedWithAnotherBundleStartsAfresh() throws Exception {
        List<SignalFrame> windows = traffic(4);
        List<SignalFrame> before = windows.subList(0, windows.size() / 2);
        List<SignalFrame> after = windows.subList(windows.size() / 2, windows.size());
        OperatorSubtaskState state;
        try (ModelHarness<Forecast> harness =
                ModelHarness.of(new Setup(withoutMemory, LearnedGain.SETTINGS, 8, LONG))) {
            harness.send(before);
            state = harness.checkpoint();
        }
        Path other = LeakyMeanFactory.writeBundle(folder.resolve("other"), 2, WINDOW, 5, false);
        Setup setup = new Setup(other, LearnedGain.SETTINGS, 8, LONG);
        String reason =
                "learned with another bundle, sha256 " + ModelBundle.open(withoutMemory).digest();
        assertThat(eventsAfresh(setup, state, after, reason))
                .hasSize(5)
                .allSatisfy(event -> assertThat(event.model()).isEqualTo("other"));
    }

    /**
     * Requires of a job that goes on from a state that it does as a new one, but for telling each
     * stream's start once.
     *
     * @param reason of the start
     * @return what tells of it
     */
    private static List<AdaptationEvent> eventsAfresh(
            Setup setup, OperatorSubtaskState state, List<SignalFrame> windows, String reason)
            throws Exception {
        try (ModelHarness<Forecast> fresh = ModelHarness.of(setup);
                ModelHarness<Forecast> restored = ModelHarness.restored(setup, state)) {
            fresh.send(windows);
            fresh.end();
            restored.send(windows);
            restored.end();
            assertThat(restored.results()).isEqualTo(fresh.results());
            List<AdaptationEvent> events = new ArrayList<>(restored.adaptationEvents());
            List<AdaptationEvent> afresh =
                    events.stream().filter(e -> e.reason().equals(reason)).toList();
            assertThat(afresh)
                    .allMatch(event -> event.kind() == AdaptationEvent.Kind.RESET)
                    .extracting(AdaptationEvent::streamId)
                    .doesNotHaveDuplicates();
            events.removeAll(afresh);
            assertThat(events).isEqualTo(fresh.adaptationEvents());
            return afresh;
        }
    }

    /** A rule cannot go on from what another has left, and would not tell of it. */
    @Test
    void aStreamThatLearnedByAnotherPresetStartsAfresh() throws Exception {
        List<SignalFrame> windows = traffic(4);
        List<SignalFrame> after = windows.subList(windows.size() / 2, windows.size());
        OperatorSubtaskState state;
        try (ModelHarness<Forecast> harness =
                ModelHarness.of(new Setup(withoutMemory, LearnedGain.SETTINGS, 8, LONG))) {
            harness.send(windows.subList(0, windows.size() / 2));
            state = harness.checkpoint();
        }
        AdaptationSettings other =
                new AdaptationSettings(
                        AdaptationSettings.Rule.ERROR_LEVELS,
                        LearnedGain.SETTINGS.alpha(),
                        LearnedGain.SETTINGS.rate(),
                        LearnedGain.SETTINGS.hebbianRate(),
                        LearnedGain.SETTINGS.batch(),
                        LearnedGain.SETTINGS.guards(),
                        LearnedGain.SETTINGS.weightBudget(),
                        LearnedGain.SETTINGS.pendingBudget());
        Setup setup = new Setup(withoutMemory, other, 8, LONG);
        assertThat(eventsAfresh(setup, state, after, "learned by another preset, delayed-error"))
                .hasSize(5);
    }

    /** A copy of the bundle is the same bundle, and so is that of state of before digests. */
    @Test
    void learningGoesOnWhereTheBundleIsTheSame() throws Exception {
        List<SignalFrame> windows = traffic(4);
        List<SignalFrame> before = windows.subList(0, windows.size() / 2);
        List<SignalFrame> after = windows.subList(windows.size() / 2, windows.size());
        Setup elsewhere = new Setup(bundle("elsewhere/forgetting", false), LEARNING, 8, LONG);
        try (ModelHarness<Forecast> first = ModelHarness.of(setup(Kind.LEARNING, 8))) {
            first.send(before);
            try (ModelHarness<Forecast> second =
                    ModelHarness.restored(elsewhere, first.checkpoint())) {
                List<Forecast> results = new ArrayList<>(first.results());
                second.send(after);
                second.end();
                results.addAll(second.results());
                assertThat(byStream(results)).isEqualTo(expected(Kind.LEARNING, windows));
            }
        }
    }

    /** As if they had gone on from the state. */
    @Test
    void streamsBeginWithWhatHasBeenExported() throws Exception {
        List<SignalFrame> windows = traffic(4);
        List<SignalFrame> after = windows.subList(windows.size() / 2, windows.size());
        Path exported = Files.createDirectory(folder.resolve("exported"));
        Setup setup = new Setup(withoutMemory, LearnedGain.SETTINGS, 8, LONG);
        ModelHandle handle =
                new ModelHandle(
                        withoutMemory.toString(),
                        NoEngine.NAME,
                        LearnedGain.SETTINGS,
                        exported.toString());
        try (ModelHarness<Forecast> first = ModelHarness.of(setup);
                ModelHarness<Forecast> second = ModelHarness.of(setup, handle)) {
            first.send(windows.subList(0, windows.size() / 2));
            Map<String, BoundWeights> learned = learned(first.checkpoint());
            assertThat(learned).hasSize(5);
            for (Map.Entry<String, BoundWeights> one : learned.entrySet()) {
                FastWeightsFile.write(FastWeightsFile.of(exported, one.getKey()), one.getValue());
            }
            int done = first.results().size();
            first.send(after);
            second.send(after);
            assertThat(learned(second.checkpoint())).isEqualTo(learned(first.checkpoint()));
            List<Forecast> all = first.results();
            assertThat(byStream(second.results()))
                    .isEqualTo(byStream(all.subList(done, all.size())));
        }
    }

    private static Map<String, BoundWeights> learned(OperatorSubtaskState state) throws Exception {
        Map<String, BoundWeights> learned = new HashMap<>();
        var harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new LearnedWeights(), (String stream) -> stream, Types.STRING, 16, 1, 0);
        harness.initializeState(state);
        harness.open();
        harness.getOperator().finish();
        for (Tuple2<String, byte[]> one : harness.extractOutputValues()) {
            learned.put(
                    one.f0,
                    FastWeightsFormat.read(new DataInputStream(new ByteArrayInputStream(one.f1))));
        }
        harness.getOperator().close();
        return learned;
    }

    /** From one task to three to two. */
    @Test
    void whatStreamsHaveLearnedMovesWithThem() throws Exception {
        List<SignalFrame> windows = traffic(5);
        List<Forecast> results = new ArrayList<>();
        OperatorSubtaskState[] states = {};
        int[] parallelism = {1, 3, 2};
        for (int phase = 0; phase < parallelism.length; phase++) {
            int from = phase * windows.size() / parallelism.length;
            int to = (phase + 1) * windows.size() / parallelism.length;
            OperatorSubtaskState[] next = new OperatorSubtaskState[parallelism[phase]];
            for (int subtask = 0; subtask < next.length; subtask++) {
                try (ModelHarness<Forecast> harness =
                        phase == 0
                                ? ModelHarness.of(setup(Kind.BOTH, 8))
                                : ModelHarness.rescaled(
                                        setup(Kind.BOTH, 8),
                                        states.length,
                                        next.length,
                                        subtask,
                                        states)) {
                    harness.send(ofSubtask(windows.subList(from, to), subtask, next.length));
                    next[subtask] = harness.checkpoint();
                    results.addAll(harness.results());
                }
            }
            states = next;
        }
        assertThat(byStream(results)).isEqualTo(expected(Kind.BOTH, windows));
    }

    @Test
    void garbageOfOneStreamChangesNoOther() throws Exception {
        List<SignalFrame> windows = traffic(6);
        Random random = new Random(6);
        List<SignalFrame> withGarbage = new ArrayList<>();
        for (SignalFrame window : windows) {
            if (window.streamId().equals("s1")) {
                float[] garbage = new float[window.samples().length];
                for (int i = 0; i < garbage.length; i++) {
                    garbage[i] = Float.intBitsToFloat(random.nextInt());
                }
                withGarbage.add(window.withSamples(garbage, 0));
            } else {
                withGarbage.add(window);
            }
        }
        try (ModelHarness<Forecast> harness = ModelHarness.of(setup(Kind.BOTH, 8))) {
            harness.send(withGarbage);
            harness.end();
            Map<String, List<Forecast>> made = byStream(harness.results());
            Map<String, List<Forecast>> expected = expected(Kind.BOTH, windows);
            for (String stream : List.of("s0", "s2", "s3", "s4")) {
                assertThat(made.get(stream)).isEqualTo(expected.get(stream));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamDoesNotNoticeOthers(Kind kind) throws Exception {
        List<SignalFrame> windows = traffic(4);
        List<SignalFrame> own =
                windows.stream().filter(window -> window.streamId().equals("s2")).toList();
        try (ModelHarness<Forecast> together = ModelHarness.of(setup(kind, 8));
                ModelHarness<Forecast> alone = ModelHarness.of(setup(kind, 8))) {
            together.send(windows);
            together.end();
            alone.send(own);
            alone.end();
            assertThat(byStream(together.results()).get("s2")).isEqualTo(alone.results());
        }
    }

    @Test
    void aWindowThatIsFilledUpTeachesNothing() throws Exception {
        Slicing slicing = new Slicing(Span.ofSamples(WINDOW), Span.ofSamples(4), Padding.TRIM);
        Setup setup = new Setup(withoutMemory, slicing, LearnedGain.SETTINGS, 1, LONG);
        TestStream s = TestStream.of("s");
        SignalFrame last = window(s, 9).slice(0, WINDOW - 1);
        try (ModelHarness<Forecast> with = ModelHarness.of(setup);
                ModelHarness<Forecast> without = ModelHarness.of(setup)) {
            for (int i = 0; i < 9; i++) {
                with.send(window(s, i));
                without.send(window(s, i));
            }
            with.send(last);
            assertThat(with.results()).hasSize(10);
            SignalFrame next = window(s, 20).withSegment(1);
            with.send(next);
            without.send(next);
            assertThat(with.results().get(10)).isEqualTo(without.results().get(9));
        }
    }

    @Test
    void runsWhenEnoughWindowsWait() throws Exception {
        TestStream s = TestStream.of("s");
        try (ModelHarness<Forecast> harness = ModelHarness.of(setup(Kind.STATELESS, 3))) {
            harness.send(window(s, 0), window(s, 1));
            assertThat(harness.results()).isEmpty();
            harness.send(window(s, 2), window(s, 3));
            assertThat(harness.results()).hasSize(3);
        }
    }

    @Test
    void runsWhenTheOldestWindowHasWaitedLongEnough() throws Exception {
        TestStream s = TestStream.of("s");
        Setup setup =
                new Setup(withoutMemory, AdaptationSettings.FROZEN, 100, Duration.ofMillis(50));
        try (ModelHarness<Forecast> harness = ModelHarness.of(setup)) {
            harness.processingTime(1000);
            harness.send(window(s, 0));
            harness.processingTime(1030);
            harness.send(window(s, 1));
            harness.processingTime(1049);
            assertThat(harness.results()).isEmpty();
            harness.processingTime(1050);
            assertThat(harness.results()).hasSize(2);

            harness.send(window(s, 2));
            harness.processingTime(1099);
            assertThat(harness.results()).hasSize(2);
            harness.processingTime(1100);
            assertThat(harness.results()).hasSize(3);
        }
    }

    @Test
    void aBatchThatHasRunLeavesNoTimerToTheNext() throws Exception {
        TestStream s = TestStream.of("s");
        Setup setup = new Setup(withoutMemory, AdaptationSettings.FROZEN, 2, Duration.ofMillis(50));
        try (ModelHarness<Forecast> harness = ModelHarness.of(setup)) {
            harness.processingTime(1000);
            harness.send(window(s, 0), window(s, 1));
            harness.processingTime(1040);
            harness.send(window(s, 2));
            harness.processingTime(1089);
            assertThat(harness.results()).hasSize(2);
            harness.processingTime(1090);
            assertThat(harness.results()).hasSize(3);
        }
    }

    @Test
    void runsBeforeAWatermarkGoesOn() throws Exception {
        try (ModelHarness<Forecast> harness = ModelHarness.of(setup(Kind.STATELESS, 100))) {
            harness.send(window(TestStream.of("s"), 0));
            harness.watermark(5);
            assertThat(harness.events()).hasSize(2);
            assertThat(harness.events().get(1)).isEqualTo(new Watermark(5));
        }
    }

    @Test
    void runsBeforeACheckpointAndAtTheEnd() throws Exception {
        TestStream s = TestStream.of("s");
        try (ModelHarness<Forecast> harness = ModelHarness.of(setup(Kind.STATELESS, 100))) {
            harness.send(window(s, 0));
            harness.checkpoint();
            assertThat(harness.results()).hasSize(1);
            harness.send(window(s, 1));
            harness.end();
            assertThat(harness.results()).hasSize(2);
        }
    }

    @Test
    void stampsResultsWithTheEndOfTheirWindow() throws Exception {
        SignalFrame window = window(TestStream.of("s"), 1);
        try (ModelHarness<Forecast> harness = ModelHarness.of(setup(Kind.STATELESS, 1))) {
            harness.send(window);
            assertThat(harness.timestamps()).containsExactly(window.endNanos() / 1_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void aWindowGivesAsManyRecordsAsItsModelMakes(int records) throws Exception {
        Path bundle = bundle("several", false);
        Path config = bundle.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("\"memory\"", "\"records\": %d, \"memory\"".formatted(records)));
        SignalFrame first = window(TestStream.of("s"), 0);
        SignalFrame second = window(TestStream.of("s"), 1);
        Setup setup = new Setup(bundle, AdaptationSettings.FROZEN, 8, LONG);
        try (ModelHarness<Forecast> harness = ModelHarness.of(setup)) {
            harness.send(first, second);
            harness.end();
            List<Long> stamps = new ArrayList<>();
            stamps.addAll(Collections.nCopies(records, first.endNanos() / 1_000_000));
            stamps.addAll(Collections.nCopies(records, second.endNanos() / 1_000_000));
            assertThat(harness.timestamps()).isEqualTo(stamps);
        }
    }

    @Test
    void aFrozenModelWithoutMemoryKeepsNoState() throws Exception {
        try (ModelHarness<Forecast> harness = ModelHarness.of(setup(Kind.STATELESS, 1))) {
            harness.send(traffic(5));
            assertThat(harness.stateEntries()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void skipsWindowsWithMissingValuesAndStartsAfreshAfterThem(float bad) throws Exception {
        TestStream s = TestStream.of("s");
        SignalFrame broken = window(s, 2);
        float[] samples = broken.samples().clone();
        samples[samples.length - 1] = bad;
        try (ModelHarness<Forecast> harness = ModelHarness.of(setup(Kind.REMEMBERING, 100))) {
            harness.send(window(s, 0), window(s, 1), broken.withSamples(samples, 1));
            harness.send(window(s, 3), window(s, 4));
            harness.end();
            // A new segment is the other way to start afresh.
            List<Forecast> expected =
                    expected(
                                    Kind.REMEMBERING,
                                    List.of(
                                            window(s, 0),
                                            window(s, 1),
                                            window(s, 3).withSegment(1),
                                            window(s, 4).withSegment(1)))
                            .get("s");
            assertThat(harness.results())
                    .map(Forecast::values)
                    .containsExactlyElementsOf(expected.stream().map(Forecast::values).toList());
            assertThat(harness.annotations())
                    .containsExactlyInAnyOrder(
                            annotation(window(s, 0), LeakyMean.STARTS),
                            annotation(broken, "the window has no result: values are missing"),
                            annotation(window(s, 3), LeakyMean.STARTS));
        }
    }

    private static Annotation annotation(SignalFrame window, String text) {
        return new Annotation(
                window.streamId(),
                window.startNanos(),
                window.endNanos() - window.startNanos(),
                text);
    }

    @Test
    void windowsThatDoNotFitAreDeadLetters() throws Exception {
        SignalFrame shorter = TestStream.of("s").frame(0, WINDOW - 1);
        SignalFrame wider = TestStream.of("t").withChannels(3).frame(0, WINDOW);
        try (ModelHarness<Forecast> harness = ModelHarness.of(setup(Kind.STATELESS, 1))) {
            harness.send(shorter, wider);
            assertThat(harness.results()).isEmpty();
            assertThat(harness.deadLetters())
                    .containsExactly(
                            letter(shorter, "model forgetting takes windows of 6 samples, not 5"),
                            letter(wider, "model forgetting takes 2 channels, not 3"));
        }
    }

    @Test
    void aWindowWhoseForecastHasNoEndIsADeadLetter() throws Exception {
        SignalFrame window = TestStream.of("s").frame(0, WINDOW);
        SignalFrame end =
                new SignalFrame(
                        "s",
                        0,
                        0,
                        Long.MAX_VALUE - window.rate().nanosOf(WINDOW),
                        window.rate(),
                        window.channels(),
                        window.samples(),
                        0);
        try (ModelHarness<Forecast> harness = ModelHarness.of(setup(Kind.STATELESS, 1))) {
            harness.send(end);
            assertThat(harness.results()).isEmpty();
            assertThat(harness.deadLetters())
                    .containsExactly(
                            letter(
                                    end,
                                    "its forecast ends past the year 2262 or the last sample"
                                            + " number"));
        }
    }

    @Test
    void aStreamOfNoneOfTheSubjectsGoesToDeadLetters() throws Exception {
        Path bundle = bundle("subjects", false);
        Path config = bundle.resolve(ModelBundle.CONFIG);
        String json = Files.readString(config);
        Files.writeString(
                config, json.replace("\"memory\"", "\"subjects\": [\"S01\"], \"memory\""));
        SignalFrame known = window(TestStream.of("S01/a"), 0);
        SignalFrame strange = window(TestStream.of("S02"), 0);
        try (ModelHarness<Forecast> harness =
                ModelHarness.of(new Setup(bundle, AdaptationSettings.FROZEN, 1, LONG))) {
            harness.send(known, strange);
            assertThat(harness.results()).extracting(Forecast::streamId).containsExactly("S01/a");
            assertThat(harness.deadLetters())
                    .containsExactly(
                            letter(
                                    strange,
                                    "stream S02 is of none of the subjects [S01]: its id must be a"
                                            + " subject's name, or begin with one and a slash"));
        }
    }

    private static DeadLetter letter(SignalFrame window, String reason) {
        return new DeadLetter(
                window.streamId(),
                0,
                window.sequence(),
                window.startNanos(),
                "model",
                "unfit window",
                reason,
                WireFormat.encode(window));
    }

    @Test
    void saysWhatIsWrongWithItsSettings() {
        assertThatThrownBy(() -> setup(Kind.STATELESS, 0).factory(Forecast.class))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("model: batch size is 0; give at least 1 window");
        Setup negative =
                new Setup(withoutMemory, AdaptationSettings.FROZEN, 1, Duration.ofMillis(-1));
        assertThatThrownBy(() -> negative.factory(Forecast.class))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("model: batch delay is PT-0.001S; give a time, or 0");
    }

    @Test
    void aBundleThatIsNotThereStopsTheTask() {
        Setup missing = new Setup(folder.resolve("none"), AdaptationSettings.FROZEN, 1, LONG);
        assertThatThrownBy(() -> ModelHarness.of(missing))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("none");
    }

    @Test
    void filesStayWhereTheyAre() throws Exception {
        try (ModelHarness<Forecast> harness = ModelHarness.of(setup(Kind.STATELESS, 1))) {
            harness.send(window(TestStream.of("s"), 0));
        }
        try (Stream<Path> files = java.nio.file.Files.list(withoutMemory)) {
            assertThat(files).containsExactly(withoutMemory.resolve("config.json"));
        }
    }
}
