/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.GuardedPlasticity;
import io.thalamus.operators.adaptation.Guards;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.FastWeightsFile;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.testing.LeakyMean;
import io.thalamus.operators.testing.LeakyMeanFactory;
import io.thalamus.operators.testing.LearnedGain;
import io.thalamus.operators.testing.NoEngine;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.AdaptationEvent;
import io.thalamus.schemas.ControlCommand;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorFactory;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlledModelOperatorTest {
    private static final int WINDOW = 8;
    private static final int COUNT = 40;
    private static final int MAX_PARALLELISM = 16;

    @TempDir private Path folder;
    private Path bundle;
    private String initial = "";
    private final List<Task> tasks = new ArrayList<>();

    @BeforeEach
    void writeBundle() throws Exception {
        bundle = LeakyMeanFactory.writeBundle(folder.resolve("model"), 2, WINDOW, 3, true);
    }

    @AfterEach
    void end() throws Exception {
        for (Task task : List.copyOf(tasks)) {
            task.kill();
        }
    }

    private static SignalFrame window(String stream, int index) {
        return TestStream.of(stream).frame(4L * index, WINDOW);
    }

    private static ControlCommand command(String stream, int index, ControlCommand.Kind kind) {
        return new ControlCommand(stream, window("s0", index).endNanos(), kind, "");
    }

    private static List<SignalFrame> windows() {
        List<SignalFrame> windows = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            for (String stream : List.of("s0", "s1", "s2")) {
                windows.add(window(stream, i));
            }
        }
        return windows;
    }

    private static final List<ControlCommand> COMMANDS =
            List.of(
                    command("s1", 20, ControlCommand.Kind.FREEZE),
                    command("s1", 30, ControlCommand.Kind.UNFREEZE),
                    command(ControlCommand.ALL_STREAMS, 10, ControlCommand.Kind.RESET),
                    command("s2", 25, ControlCommand.Kind.ROLL_BACK));

    /** Flink's harness for operators with two inputs cannot make them by a factory. */
    @SuppressWarnings("try") // the base class closes as it likes
    private static final class Harness extends AbstractStreamOperatorTestHarness<Forecast> {
        Harness(StreamOperatorFactory<Forecast> factory, int parallelism, int subtask)
                throws Exception {
            super(factory, MAX_PARALLELISM, parallelism, subtask);
            KeySelector<SignalFrame, String> stream = SignalFrame::streamId;
            config.setStatePartitioner(0, stream);
            config.setStateKeySerializer(
                    Types.STRING.createSerializer(executionConfig.getSerializerConfig()));
            config.serializeAllConfigs();
        }

        @SuppressWarnings("unchecked")
        ControlledModelOperator<Forecast> operator() {
            return (ControlledModelOperator<Forecast>) operator;
        }

        void send(SignalFrame window) throws Exception {
            StreamRecord<SignalFrame> record = new StreamRecord<>(window);
            operator().setKeyContextElement1(record);
            operator().processElement1(record);
        }

        void order(CheckedCommand command) throws Exception {
            StreamRecord<CheckedCommand> record = new StreamRecord<>(command);
            operator().setKeyContextElement2(record);
            operator().processElement2(record);
        }
    }

    /** A task in Flink's harness, behind the check of its commands. */
    private final class Task {
        private final Harness harness;
        private final OneInputStreamOperatorTestHarness<ControlCommand, CheckedCommand> check;
        private int checked;

        Task(int batchSize, OperatorSubtaskState state) throws Exception {
            this(batchSize, state, 1, 0);
        }

        /** One of several. */
        Task(int batchSize, OperatorSubtaskState state, int parallelism, int subtask)
                throws Exception {
            harness = new Harness(factory(batchSize, LearnedGain.SETTINGS), parallelism, subtask);
            check =
                    new OneInputStreamOperatorTestHarness<>(
                            new CommandCheck(
                                    "control-check",
                                    new ModelHandle(
                                            bundle.toString(), NoEngine.NAME, LearnedGain.SETTINGS),
                                    folder.toString()));
            tasks.add(this);
            check.open();
            if (state != null) {
                harness.initializeState(state);
            }
            harness.open();
        }

        void send(SignalFrame window) throws Exception {
            harness.send(window);
        }

        void send(ControlCommand command) throws Exception {
            check.processElement(new StreamRecord<>(command));
            List<CheckedCommand> all = check.extractOutputValues();
            for (; checked < all.size(); checked++) {
                harness.order(all.get(checked));
            }
        }

        void allCommandsRead() throws Exception {
            harness.operator().processWatermark2(Watermark.MAX_WATERMARK);
        }

        OperatorSubtaskState checkpoint() throws Exception {
            harness.operator().prepareSnapshotPreBarrier(1);
            return harness.snapshot(1, 1);
        }

        List<Forecast> results() throws Exception {
            harness.operator().prepareSnapshotPreBarrier(2);
            return harness.extractOutputValues();
        }

        List<AdaptationEvent> events() {
            var events = harness.getSideOutput(SideOutputs.ADAPTATION_EVENTS);
            return events == null
                    ? List.of()
                    : events.stream().map(StreamRecord::getValue).toList();
        }

        List<AdaptationEvent> commanded() {
            return events().stream()
                    .filter(event -> event.reason().matches("command|learned with another.*"))
                    .toList();
        }

        List<DeadLetter> refused() {
            var letters = check.getSideOutput(SideOutputs.DEAD_LETTERS);
            return letters == null
                    ? List.of()
                    : letters.stream().map(StreamRecord::getValue).toList();
        }

        void kill() throws Exception {
            tasks.remove(this);
            check.close();
            harness.close();
        }

        /** Without what the harness would let it finish. */
        void fail() throws Exception {
            tasks.remove(this);
            check.close();
            harness.operator().close();
        }
    }

    private ControlledModelOperatorFactory<Forecast> factory(
            int batchSize, AdaptationSettings adaptation) {
        return new ControlledModelOperatorFactory<>(
                new ModelStep<>(
                        "model",
                        new ModelHandle(bundle.toString(), NoEngine.NAME, adaptation, initial),
                        Forecast.class,
                        Slicing.ofSamples(1, 1),
                        batchSize,
                        Duration.ofDays(1)));
    }

    private static Map<String, List<Forecast>> byStream(List<Forecast> results) {
        return results.stream().collect(Collectors.groupingBy(Forecast::streamId));
    }

    private Map<String, List<Forecast>> run(List<ControlCommand> commands) throws Exception {
        Task task = new Task(4, null);
        for (ControlCommand command : commands) {
            task.send(command);
        }
        task.allCommandsRead();
        for (SignalFrame window : windows()) {
            task.send(window);
        }
        return byStream(task.results());
    }

    @Test
    void commandsTakeEffectAtTheirEventTimeForTheStreamsTheyAreMeantFor() throws Exception {
        Map<String, List<Forecast>> plain = run(List.of());
        Map<String, List<Forecast>> frozen = run(List.of(COMMANDS.get(0)));
        assertThat(frozen.get("s0")).isEqualTo(plain.get("s0"));
        assertThat(frozen.get("s2")).isEqualTo(plain.get("s2"));
        // Window 20 is the first that teaches nothing, so that window 21 differs.
        assertThat(frozen.get("s1").subList(0, 21)).isEqualTo(plain.get("s1").subList(0, 21));
        assertThat(frozen.get("s1").get(21)).isNotEqualTo(plain.get("s1").get(21));
        Map<String, List<Forecast>> reset = run(List.of(COMMANDS.get(2)));
        for (String stream : List.of("s0", "s1", "s2")) {
            assertThat(reset.get(stream).subList(0, 10))
                    .isEqualTo(plain.get(stream).subList(0, 10));
            assertThat(reset.get(stream).get(10)).isNotEqualTo(plain.get(stream).get(10));
        }
    }

    @Test
    void whenTheyArriveDoesNotMatterAsLongAsWindowsWaitForThem() throws Exception {
        arriveAnyhow(
                COMMANDS,
                "s0 RESET",
                "s1 RESET",
                "s2 RESET",
                "s1 FREEZE",
                "s1 UNFREEZE",
                "s2 ROLL_BACK");
    }

    /** In any order, twice, with any batch, killed again and again. */
    private void arriveAnyhow(List<ControlCommand> commands, String... events) throws Exception {
        Map<String, List<Forecast>> expected = run(commands);
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            List<ControlCommand> left = new ArrayList<>(commands);
            left.addAll(commands.subList(0, random.nextInt(commands.size())));
            Collections.shuffle(left, random);
            List<Forecast> results = new ArrayList<>();
            Task task = new Task(1 + random.nextInt(8), null);
            List<AdaptationEvent> told = new ArrayList<>();
            boolean open = false;
            for (SignalFrame window : mixed(random)) {
                task.send(window);
                if (random.nextInt(8) == 0) {
                    if (!left.isEmpty()) {
                        task.send(left.remove(0));
                    } else if (!open) {
                        task.allCommandsRead();
                        open = true;
                    }
                }
                if (random.nextInt(20) == 0) {
                    OperatorSubtaskState state = task.checkpoint();
                    results.addAll(task.results());
                    told.addAll(task.commanded());
                    task.kill();
                    task = new Task(1 + random.nextInt(8), state);
                    open = false;
                }
            }
            for (ControlCommand command : left) {
                task.send(command);
            }
            task.allCommandsRead();
            results.addAll(task.results());
            told.addAll(task.commanded());
            task.kill();
            assertThat(byStream(results)).as("seed %d", seed).isEqualTo(expected);
            assertThat(told)
                    .extracting(event -> event.streamId() + " " + event.kind())
                    .containsExactlyInAnyOrder(events);
        }
    }

    /** All windows, each stream's in their order; one stream may be far behind another. */
    private static List<SignalFrame> mixed(Random random) {
        List<String> turns = new ArrayList<>();
        windows().forEach(window -> turns.add(window.streamId()));
        Collections.shuffle(turns, random);
        Map<String, Integer> next = new HashMap<>();
        return turns.stream()
                .map(stream -> window(stream, next.merge(stream, 1, Integer::sum) - 1))
                .toList();
    }

    /** The pipeline's own, and one that takes over. */
    private ControlCommand swap(int index, Path to) {
        return new ControlCommand(
                ControlCommand.ALL_STREAMS,
                window("s0", index).endNanos(),
                ControlCommand.Kind.SWAP_BUNDLE,
                to.toString());
    }

    private Path writeBundles() throws Exception {
        bundle = LeakyMeanFactory.writeBundle(folder.resolve("first"), 2, WINDOW, 3, false);
        return LeakyMeanFactory.writeBundle(folder.resolve("second"), 2, WINDOW, 3, false, 0.5);
    }

    @Test
    void windowsAreJudgedByTheBundleOfTheirTime() throws Exception {
        Path second = writeBundles();
        Map<String, List<Forecast>> plain = run(List.of());
        Map<String, List<Forecast>> swapped = run(List.of(swap(15, second)));
        bundle = second;
        Task fresh = new Task(4, null);
        fresh.allCommandsRead();
        for (SignalFrame window : windows()) {
            if (window.endNanos() >= window("s0", 15).endNanos()) {
                fresh.send(window);
            }
        }
        Map<String, List<Forecast>> afresh = byStream(fresh.results());
        for (String stream : List.of("s0", "s1", "s2")) {
            assertThat(swapped.get(stream).subList(0, 15))
                    .isEqualTo(plain.get(stream).subList(0, 15));
            assertThat(swapped.get(stream).subList(15, COUNT)).isEqualTo(afresh.get(stream));
            assertThat(swapped.get(stream).get(15).model()).isEqualTo("second");
        }
    }

    @Test
    void aSwapTakesEffectAtItsTimeWheneverItComes() throws Exception {
        Path second = writeBundles();
        List<ControlCommand> commands = new ArrayList<>(COMMANDS);
        commands.add(swap(15, second));
        commands.add(swap(33, bundle));
        arriveAnyhow(
                commands,
                "s0 RESET",
                "s0 RESET",
                "s0 RESET",
                "s1 RESET",
                "s1 RESET",
                "s1 RESET",
                "s2 RESET",
                "s2 RESET",
                "s2 RESET",
                "s1 FREEZE",
                "s1 UNFREEZE",
                "s2 ROLL_BACK");
    }

    /** From one task to three, before, between and behind the swaps; all are told again. */
    @Test
    void aSwapIsTheSameInThreeTasks() throws Exception {
        Path second = writeBundles();
        List<ControlCommand> commands =
                List.of(swap(15, second), swap(33, bundle), COMMANDS.get(0));
        Map<String, List<Forecast>> expected = run(commands);
        for (int seed = 0; seed < 8; seed++) {
            Random random = new Random(seed);
            List<SignalFrame> windows = mixed(random);
            int cut = random.nextInt(windows.size());
            Task one = new Task(1 + random.nextInt(8), null);
            for (ControlCommand command : commands) {
                one.send(command);
            }
            one.allCommandsRead();
            for (SignalFrame window : windows.subList(0, cut)) {
                one.send(window);
            }
            OperatorSubtaskState state = one.checkpoint();
            List<Forecast> results = new ArrayList<>(one.results());
            one.kill();
            for (int subtask = 0; subtask < 3; subtask++) {
                Task task =
                        new Task(
                                1 + random.nextInt(8),
                                AbstractStreamOperatorTestHarness.repartitionOperatorState(
                                        state, MAX_PARALLELISM, 1, 3, subtask),
                                3,
                                subtask);
                for (ControlCommand command : commands) {
                    task.send(command);
                }
                task.allCommandsRead();
                for (SignalFrame window : windows.subList(cut, windows.size())) {
                    if (KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                    window.streamId(), MAX_PARALLELISM, 3)
                            == subtask) {
                        task.send(window);
                    }
                }
                results.addAll(task.results());
                task.kill();
            }
            assertThat(byStream(results)).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void aRestartWithAnotherBundleMakesSwapsOfBeforeVoid() throws Exception {
        Path second = writeBundles();
        Task task = new Task(1, null);
        task.send(swap(5, second));
        task.allCommandsRead();
        task.send(window("s0", 6));
        assertThat(task.results().get(0).model()).isEqualTo("second");
        OperatorSubtaskState state = task.checkpoint();
        task.kill();
        Path first = bundle;
        bundle = LeakyMeanFactory.writeBundle(folder.resolve("third"), 2, WINDOW, 3, false, 0.7);
        Task third = new Task(1, state);
        third.allCommandsRead();
        third.send(window("s0", 7));
        assertThat(third.results()).extracting(Forecast::model).containsExactly("third");
        state = third.checkpoint();
        third.kill();
        bundle = first;
        Task again = new Task(1, state);
        again.allCommandsRead();
        again.send(window("s0", 8));
        assertThat(again.results()).extracting(Forecast::model).containsExactly("first");
    }

    @Test
    void failsWhereASwappedBundleIsNoLongerWhatItWas() throws Exception {
        Path second = writeBundles();
        Task task = new Task(1, null);
        task.send(swap(5, second));
        OperatorSubtaskState state = task.checkpoint();
        Files.move(second.resolve("config.json"), folder.resolve("kept.json"));
        task.allCommandsRead();
        assertThatThrownBy(() -> task.send(window("s0", 6)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("that a command has swapped in cannot be opened")
                .hasMessageContaining("put it back, or restart");
        task.fail();
        LeakyMeanFactory.writeBundle(folder.resolve("x/second"), 2, WINDOW, 3, false, 0.6);
        Files.copy(folder.resolve("x/second/config.json"), second.resolve("config.json"));
        Task restored = new Task(1, state);
        restored.allCommandsRead();
        restored.send(window("s0", 4));
        assertThatThrownBy(() -> restored.send(window("s0", 6)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no longer the bundle that a command has swapped in")
                .hasMessageContaining("put it back, or restart");
        restored.fail();
    }

    @Test
    void whatCannotTakeOverIsRefusedAndTheOldBundleGoesOn() throws Exception {
        writeBundles();
        Task task = new Task(1, null);
        LeakyMeanFactory.writeBundle(folder.resolve("longer"), 2, WINDOW, 4, false);
        LeakyMeanFactory.writeBundle(folder.resolve("wider"), 3, WINDOW, 3, false);
        Path named = LeakyMeanFactory.writeBundle(folder.resolve("named"), 2, WINDOW, 3, false);
        Files.writeString(
                named.resolve("config.json"),
                Files.readString(named.resolve("config.json"))
                        .replace("{", "{\"classes\": [\"a\"], "));
        Path odd = LeakyMeanFactory.writeBundle(folder.resolve("odd"), 2, WINDOW, 3, false);
        Files.writeString(
                odd.resolve("config.json"),
                Files.readString(odd.resolve("config.json"))
                        .replace("{", "{\"records\": 2147483647, "));
        for (String bundle : List.of("longer", "wider", "named", "odd", "none", "")) {
            task.send(swap(2, Path.of(bundle)));
        }
        task.send(
                new ControlCommand(
                        "s0", 0, ControlCommand.Kind.SWAP_BUNDLE, folder.resolve("second") + ""));
        assertThat(task.refused())
                .allSatisfy(letter -> assertThat(letter.error()).isEqualTo("unfit command"))
                .allSatisfy(letter -> assertThat(letter.stage()).isEqualTo("control-check"))
                .extracting(DeadLetter::reason)
                .containsExactly(
                        "longer cannot take the place of first: horizon is 4, not 3",
                        "wider cannot take the place of first: channels is 3, not 2",
                        "named cannot take the place of first: /classes of config.json is [\"a\"],"
                                + " not ",
                        "odd describes no network that can be built (integer overflow)",
                        folder.resolve("none")
                                + " is no bundle: a folder with config.json and"
                                + " weights.safetensors",
                        "the argument is empty; give the path of the bundle that is to take over",
                        "a bundle is swapped for all streams; give * in place of s0");
        task.allCommandsRead();
        task.send(window("s0", 6));
        assertThat(task.results()).extracting(Forecast::model).containsExactly("first");
        task.send(swap(7, Path.of("second")));
        task.send(window("s0", 8));
        assertThat(task.results()).extracting(Forecast::model).containsExactly("first", "second");
    }

    @Test
    void aNetworkThatCarriesStateIsNotSwapped() throws Exception {
        Path other = LeakyMeanFactory.writeBundle(folder.resolve("other"), 2, WINDOW, 3, true);
        Task task = new Task(1, null);
        task.send(swap(2, other));
        assertThat(task.refused().get(0).reason())
                .startsWith("model carries state from window to window");
    }

    @Test
    void areObeyedInTheOrderOfTheirTimes() throws Exception {
        Task task = new Task(1, null);
        task.allCommandsRead();
        task.send(window("s0", 0));
        List<AdaptationEvent.Kind> expected = new ArrayList<>();
        for (int i = 9; i >= 0; i--) {
            boolean even = i % 2 == 0;
            task.send(
                    new ControlCommand(
                            "s0",
                            window("s0", 0).startNanos() + i,
                            even ? ControlCommand.Kind.FREEZE : ControlCommand.Kind.UNFREEZE,
                            ""));
            expected.add(even ? AdaptationEvent.Kind.UNFREEZE : AdaptationEvent.Kind.FREEZE);
        }
        task.send(window("s0", 1));
        assertThat(task.commanded()).extracting(AdaptationEvent::kind).isEqualTo(expected);
    }

    /** There is nothing to go back to, and only what was said last holds. */
    @Test
    void aStreamThatBeginsObeysWhatWasLastSaidOfLearning() throws Exception {
        Task task = new Task(1, null);
        task.send(command(ControlCommand.ALL_STREAMS, 1, ControlCommand.Kind.FREEZE));
        task.send(command("s1", 2, ControlCommand.Kind.UNFREEZE));
        task.send(command(ControlCommand.ALL_STREAMS, 3, ControlCommand.Kind.RESET));
        task.send(command("s2", 4, ControlCommand.Kind.ROLL_BACK));
        task.allCommandsRead();
        for (String stream : List.of("s0", "s1", "s2")) {
            task.send(window(stream, 8));
        }
        assertThat(task.commanded())
                .extracting(event -> event.streamId() + " " + event.kind())
                .containsExactly("s0 FREEZE", "s2 FREEZE");
        task.send(command(ControlCommand.ALL_STREAMS, 5, ControlCommand.Kind.RESET));
        task.send(window("s1", 9));
        assertThat(task.commanded()).hasSize(3);
    }

    /** However many there were. */
    @Test
    void stateDoesNotGrowWithTheCommands() throws Exception {
        Task task = new Task(1, null);
        task.allCommandsRead();
        task.send(window("s0", 0));
        long size = 0;
        for (int i = 0; i < 2 * CommandLog.MOST; i++) {
            if (i == CommandLog.MOST) {
                size = task.checkpoint().getStateSize();
            }
            ControlCommand.Kind kind =
                    i % 2 == 0 ? ControlCommand.Kind.FREEZE : ControlCommand.Kind.UNFREEZE;
            for (String stream : List.of("s0", ControlCommand.ALL_STREAMS)) {
                task.send(new ControlCommand(stream, window("s0", 1).startNanos() + i, kind, ""));
            }
        }
        assertThat(task.checkpoint().getStateSize()).isEqualTo(size);
        task.send(window("s0", 1));
        OperatorSubtaskState state = task.checkpoint();
        assertThat(task.commanded()).hasSize(2 * CommandLog.MOST);
        task.kill();
        Task restored = new Task(1, state);
        restored.allCommandsRead();
        restored.send(window("s0", 2));
        restored.send(command("s0", 2, ControlCommand.Kind.RESET));
        restored.send(window("s0", 3));
        assertThat(restored.commanded()).hasSize(1);
    }

    /** As the state was before bundles were noted. */
    private static final class Former extends AbstractStreamOperator<Forecast>
            implements OneInputStreamOperator<SignalFrame, Forecast> {
        private static final long serialVersionUID = 1;

        private final transient FastWeights learned;

        Former(FastWeights learned) {
            this.learned = learned;
        }

        @Override
        public void processElement(StreamRecord<SignalFrame> window) throws Exception {
            getRuntimeContext()
                    .getState(ModelOperator.FAST_WEIGHTS)
                    .update(new BoundWeights(learned, ""));
        }
    }

    @Test
    void formerStateIsOfThePipelinesOwnBundle() throws Exception {
        Path second = writeBundles();
        FastWeights learned =
                new FastWeights(3, Map.of(LeakyMean.GAIN, new float[] {0.25f, -0.25f}));
        var former =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new Former(learned),
                        SignalFrame::streamId,
                        Types.STRING,
                        MAX_PARALLELISM,
                        /* parallelism= */ 1,
                        /* subtask= */ 0);
        former.open();
        former.processElement(new StreamRecord<>(window("s0", 1)));
        OperatorSubtaskState state = former.snapshot(1, 1);
        former.close();
        Task plain = new Task(1, state);
        plain.allCommandsRead();
        plain.send(window("s0", 6));
        assertThat(plain.commanded()).isEmpty();
        Task task = new Task(1, state);
        task.send(swap(5, second));
        task.allCommandsRead();
        task.send(window("s0", 6));
        assertThat(task.commanded())
                .extracting(AdaptationEvent::reason)
                .containsExactly(
                        "learned with another bundle, sha256 " + ModelBundle.open(bundle).digest());
        Task fresh = new Task(1, null);
        fresh.send(swap(5, second));
        fresh.allCommandsRead();
        fresh.send(window("s0", 6));
        assertThat(task.results()).isEqualTo(fresh.results());
    }

    @Test
    void oneThatIsLateTakesEffectAtTheNextWindow() throws Exception {
        Task task = new Task(1, null);
        task.allCommandsRead();
        for (int i = 0; i < 15; i++) {
            task.send(window("s0", i));
        }
        task.send(COMMANDS.get(2));
        task.send(window("s0", 15));
        assertThat(task.commanded())
                .singleElement()
                .satisfies(
                        event -> {
                            assertThat(event.kind()).isEqualTo(AdaptationEvent.Kind.RESET);
                            assertThat(event.timeNanos()).isEqualTo(window("s0", 15).endNanos());
                        });
    }

    /** A clock that is set back has no say in that. */
    @Test
    void oneThatIsLateTakesEffectAtTheNextWindowWheneverThatEnds() throws Exception {
        Task task = new Task(1, null);
        task.allCommandsRead();
        task.send(window("s0", 10));
        task.send(command("s0", 8, ControlCommand.Kind.RESET));
        task.send(command(ControlCommand.ALL_STREAMS, 8, ControlCommand.Kind.FREEZE));
        task.send(window("s0", 5));
        assertThat(task.commanded())
                .extracting(AdaptationEvent::kind)
                .containsExactly(AdaptationEvent.Kind.FREEZE, AdaptationEvent.Kind.RESET);
    }

    /** It may have been frozen where it was exported. */
    @Test
    void aStreamThatBeginsWithWhatWasExportedObeysAnUnfreezeToo() throws Exception {
        Path known = Files.createDirectory(folder.resolve("known"));
        FastWeights frozen =
                new GuardedPlasticity(new LearnedGain(2, 0.05f, 1), Guards.NONE)
                        .freeze(FastWeights.none(), true)
                        .after();
        FastWeightsFile.write(
                FastWeightsFile.of(known, "s0"),
                new BoundWeights(frozen, ModelBundle.open(bundle).digest(), "delayed-error"));
        initial = known.toString();
        Task task = new Task(1, null);
        task.send(command(ControlCommand.ALL_STREAMS, 1, ControlCommand.Kind.UNFREEZE));
        task.allCommandsRead();
        task.send(window("s0", 5));
        task.send(window("s1", 5));
        assertThat(task.commanded())
                .extracting(event -> event.streamId() + " " + event.kind())
                .containsExactly("s0 UNFREEZE");
    }

    @Test
    void refusesWhatCannotBeDone() throws Exception {
        Task task = new Task(1, null);
        task.send(new ControlCommand("s0", 0, ControlCommand.Kind.ROLL_BACK, "yesterday"));
        task.send(
                new ControlCommand(
                        "s0", 0, ControlCommand.Kind.ROLL_BACK, Instant.EPOCH.toString()));
        assertThat(task.refused()).extracting(DeadLetter::error).containsExactly("unfit command");
        assertThat(task.refused().get(0).reason()).contains("'yesterday' is no time");
        assertThatThrownBy(() -> factory(1, AdaptationSettings.FROZEN))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("add adaptation");
    }
}
