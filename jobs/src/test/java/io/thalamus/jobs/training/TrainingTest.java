/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.connectors.recording.CsvFormat;
import io.thalamus.connectors.recording.CsvOptions;
import io.thalamus.connectors.recording.RecordedSource;
import io.thalamus.operators.inference.RateSchedule;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
    private static final int ROWS = 200;

    /** Of 120 training rows, windows of 8 with 4 behind them in batches of 16. */
    private static final int STEPS = 109 / 16;

    private static final int EPOCHS = 3;
    private static final BooleanSupplier NEVER = () -> false;

    @TempDir private Path folder;
    private final Told told = new Told();
    private TrainingData data;

    /** Remembers what it is told. */
    private static final class Told implements TrainingListener {
        private final List<Pace> paces = new ArrayList<>();
        private final List<Epoch> epochs = new ArrayList<>();
        private TrainingSummary.Data data;

        /** A crash, once so many steps were told of; none if 0. */
        private int crashAfter;

        private boolean crashAtEpochsEnd;
        private Pace last;

        @Override
        public void started(TrainingSummary.Data learned, long parameters) {
            data = learned;
        }

        @Override
        public void learned(Pace pace) {
            paces.add(pace);
            if (paces.size() == crashAfter) {
                throw new IllegalStateException("crashed");
            }
        }

        @Override
        public void finished(Epoch epoch, boolean best, Pace pace) {
            epochs.add(epoch);
            last = pace;
            if (crashAtEpochsEnd) {
                throw new IllegalStateException("crashed");
            }
        }
    }

    @BeforeEach
    void record() throws IOException {
        CsvFormat format = new CsvFormat(CsvOptions.defaults());
        Path file = Sine.write(folder.resolve("sine.csv"), ROWS);
        data = TrainingData.read(RecordedSource.of(file.toString(), format), format);
    }

    private TrainingOptions options(String out, boolean resume) {
        return options(out, resume, 0.02, EPOCHS, 9, RateSchedule.HALVING);
    }

    private TrainingOptions options(
            String out,
            boolean resume,
            double learningRate,
            int epochs,
            int patience,
            RateSchedule schedule) {
        return options(
                out, resume, learningRate, epochs, patience, schedule, Duration.ofHours(1), false);
    }

    private TrainingOptions options(
            String out,
            boolean resume,
            double learningRate,
            int epochs,
            int patience,
            RateSchedule schedule,
            Duration checkpointEvery,
            boolean overwrite) {
        return new TrainingOptions(
                "linear",
                Task.LONG_TERM_FORECAST,
                null,
                List.of(),
                Split.of("0.6/0.2/0.2"),
                1,
                0,
                List.of(0.5),
                7,
                null,
                epochs,
                patience,
                learningRate,
                schedule,
                "none",
                folder.resolve(out),
                overwrite,
                resume,
                checkpointEvery,
                true,
                "train it");
    }

    private Optional<TrainingSummary> train(TrainingOptions options, BooleanSupplier stop)
            throws IOException {
        return new Training(options).run(data, told, stop);
    }

    /** Of epochs of an earlier version, whose checkpoints do not tell of codes. */
    @Test
    void theReadmeLeavesOpenWhatAnEpochDoesNotTell() throws IOException {
        TrainingSummary summary = train(options("out", false), NEVER).orElseThrow();
        Epoch before = new Epoch(1, 0.5, 0.5, 0.5, null);
        Epoch best = new Epoch(2, 0.5, 0.5, 0.25, new CodeUse(7, 6.5));
        TrainingSummary resumed =
                new TrainingSummary(
                        summary.architecture(),
                        summary.task(),
                        summary.command(),
                        summary.seed(),
                        summary.data(),
                        summary.recipe(),
                        List.of(before, best),
                        best,
                        summary.test(),
                        summary.timing());
        assertThat(BundleReadme.of(resumed, "out"))
                .contains(
                        "| 1 | 0.500 | 0.5000 | 0.5000 | | |\n"
                                + "| **2** | 0.500 | 0.5000 | **0.2500** | 7 | 6.5 |\n");
    }

    @Test
    void learnsFromEveryBatchOfEveryEpochAtItsRate() throws IOException {
        TrainingSummary summary = train(options("out", false), NEVER).orElseThrow();

        assertThat(told.paces).hasSize(EPOCHS * STEPS);
        assertThat(summary.epochs()).isEqualTo(told.epochs).hasSize(EPOCHS);
        assertThat(summary.epochs())
                .extracting(Epoch::learningRate)
                .containsExactly(0.02, 0.02, 0.01);
        assertThat(summary.epochs().get(2).validation())
                .isLessThan(0.7 * summary.epochs().get(0).training());
        assertThat(told.data.windows().get("training").used()).isEqualTo(109);
        assertThat(told.data.windows().get("test").used()).isEqualTo(37);
        // The noise has a deviation of 0.29 where b has one of 0.77.
        assertThat(summary.test().mse()).isBetween(0.02, 0.3);
        assertThat(summary.timing().windowsPerSecond()).isPositive();
        assertThat(folder.resolve("out.training")).doesNotExist();
    }

    @Test
    void keepsTheWeightsOfTheBestEpochAndEndsWhenNoBetterComes() throws IOException {
        // So large a rate that it gets worse from the first epoch on.
        TrainingSummary summary =
                train(options("out", false, 0.15, 8, 2, RateSchedule.CONSTANT), NEVER)
                        .orElseThrow();
        int best = summary.best().epoch();

        assertThat(summary.epochs()).hasSize(best + 2);
        TrainingSummary shorter =
                train(options("short", false, 0.15, best, 2, RateSchedule.CONSTANT), NEVER)
                        .orElseThrow();
        assertThat(weights("out")).isEqualTo(weights("short"));
        assertThat(summary.test().mse()).isEqualTo(shorter.test().mse());
    }

    private byte[] weights(String bundle) throws IOException {
        return Files.readAllBytes(folder.resolve(bundle).resolve("weights.safetensors"));
    }

    @Test
    void goesOnToTheBitWhereverItWasStopped() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        train(
                options("whole", false),
                () -> {
                    asked.incrementAndGet();
                    return false;
                });
        // 37 windows each of validation and test make three batches.
        assertThat(asked).hasValue(EPOCHS * (STEPS + 3) + 3);
        Map<String, Object> whole = content("whole");
        for (int batches = 0; batches < asked.get(); batches++) {
            AtomicInteger left = new AtomicInteger(batches);
            String out = "stopped" + batches;
            assertThat(train(options(out, false), () -> left.getAndDecrement() == 0)).isEmpty();
            assertThat(folder.resolve(out)).doesNotExist();

            assertThat(train(options(out, true), NEVER)).isPresent();
            assertThat(content(out)).as("after %d batches", batches).isEqualTo(whole);
        }
    }

    @Test
    void goesOnToTheBitWhereverItCrashed() throws IOException {
        train(options("whole", false), NEVER);
        Map<String, Object> whole = content("whole");
        for (int steps : new int[] {1, STEPS, STEPS + 1, 2 * STEPS + 3}) {
            String out = "crashed" + steps;
            told.crashAfter = told.paces.size() + steps;
            assertThatThrownBy(() -> train(options(out, false), NEVER)).hasMessage("crashed");
            assertThat(folder.resolve(out)).doesNotExist();

            assertThat(train(options(out, true), NEVER)).isPresent();
            assertThat(content(out)).as("after %d steps", steps).isEqualTo(whole);
        }
    }

    @Test
    void tellsThePaceWhereItGoesOnBehindTheLastBatchOfAnEpoch() throws IOException {
        RateSchedule schedule = RateSchedule.HALVING;
        told.crashAtEpochsEnd = true;
        TrainingOptions began = options("out", false, 0.02, 1, 9, schedule, Duration.ZERO, false);
        assertThatThrownBy(() -> train(began, NEVER)).hasMessage("crashed");
        told.crashAtEpochsEnd = false;

        train(options("out", true, 0.02, 1, 9, schedule, Duration.ZERO, false), NEVER);

        assertThat(told.paces).hasSize(STEPS);
        assertThat(told.last.windowsPerSecond()).isPositive().isFinite();
        assertThat(told.last.secondsLeft()).isZero();
    }

    /** Of each file of a bundle; how long it took is another matter, and so is its name. */
    private Map<String, Object> content(String bundle) throws IOException {
        Map<String, Object> content = new HashMap<>();
        try (Stream<Path> files = Files.list(folder.resolve(bundle))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.equals("metrics.json")) {
                    ObjectNode metrics = (ObjectNode) new ObjectMapper().readTree(file.toFile());
                    assertThat(metrics.remove("timing")).isNotNull();
                    content.put(name, metrics);
                } else {
                    content.put(
                            name,
                            Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)
                                    .replace(bundle, "NAME"));
                }
            }
        }
        assertThat(content)
                .containsOnlyKeys(
                        "config.json",
                        "weights.safetensors",
                        "cases.safetensors",
                        "metrics.json",
                        "README.md");
        return content;
    }

    @Test
    void anotherSeedMakesAnotherOrder() throws IOException {
        List<Integer> one = new ArrayList<>();
        for (int epoch = 1; epoch <= 2; epoch++) {
            one.add(SeededRandom.of(7, epoch).nextInt());
        }
        assertThat(one).doesNotHaveDuplicates().doesNotContain(SeededRandom.of(8, 1).nextInt());
        assertThat(SeededRandom.of(7, 1).nextInt()).isEqualTo(one.get(0));
    }

    @Test
    void goesOnOnlyAsItBegan() throws IOException {
        assertRefused(options("out", true), "there is no training in");
        train(options("out", false), () -> true);

        assertRefused(options("out", false), "holds a training that was broken off");
        assertRefused(
                options("out", true, 0.01, EPOCHS, 9, RateSchedule.HALVING),
                "began with recipe.learningRate of 0.02, not 0.01");
        data.streams().get("sine").get(0).samples().samples()[3] += 1;
        assertRefused(options("out", true), "began with network.dataset.scaler.mean of");
    }

    /** The network that it began from is known by what it is, not by where it lies. */
    @Test
    void goesOnFromTheSameBundleWhereverItLies() throws IOException {
        train(options("former", false), NEVER);
        train(from("former", false), () -> true);
        Files.move(folder.resolve("former"), folder.resolve("moved"));

        Path weights = folder.resolve("moved/weights.safetensors");
        byte[] before = Files.readAllBytes(weights);
        byte[] after = before.clone();
        after[after.length - 1] ^= 1;
        Files.write(weights, after);
        assertRefused(from("moved", true), "began from another bundle: name the same with --from");
        assertRefused(options("out", true), "began from another bundle: name the same with --from");
        Files.write(weights, before);
        assertThat(train(from("moved", true), NEVER)).isPresent();
    }

    private TrainingOptions from(String former, boolean resume) {
        TrainingOptions of = options("out", resume);
        return new TrainingOptions(
                of.architecture(),
                of.task(),
                folder.resolve(former),
                of.hyperParameters(),
                of.split(),
                of.hop(),
                of.fill(),
                of.maskRates(),
                of.seed(),
                of.batch(),
                of.epochs(),
                of.patience(),
                of.learningRate(),
                of.schedule(),
                of.engine(),
                of.out(),
                of.overwrite(),
                of.resume(),
                of.checkpointEvery(),
                of.cases(),
                of.command());
    }

    /** Whatever is said of what is there, the other one keeps it. */
    @Test
    void oneTrainingAtATimeMakesABundle() throws IOException {
        train(options("whole", false), NEVER);
        List<TrainingOptions> others = List.of(options("second", true), overwriting("second"));
        BooleanSupplier meanwhile =
                () -> {
                    others.forEach(
                            other ->
                                    assertRefused(
                                            other,
                                            "another training is under way in "
                                                    + folder.resolve("second.training")));
                    return false;
                };

        assertThat(train(options("second", false), meanwhile)).isPresent();
        assertThat(content("second")).isEqualTo(content("whole"));
        assertThat(folder.resolve("second.training")).doesNotExist();
    }

    @Test
    void aTrainingThatEndedKeepsNothingFromTheNext() throws IOException {
        train(options("out", false), () -> true);

        assertThat(train(overwriting("out"), NEVER)).isPresent();
    }

    private TrainingOptions overwriting(String out) {
        return options(
                out, false, 0.02, EPOCHS, 9, RateSchedule.HALVING, Duration.ofHours(1), true);
    }

    @Test
    void replacesNothingThatIsThere() throws IOException {
        Files.createDirectories(folder.resolve("out"));
        assertRefused(options("out", false), "is there; give another name or --overwrite");
    }

    @Test
    void saysWhenItDiverges() {
        assertRefused(
                options("out", false, 1e6, 50, 50, RateSchedule.CONSTANT),
                "begin again with --overwrite and a smaller --learning-rate");
    }

    @Test
    void writesNoNetworkThatDivergedInItsLastStep() throws IOException {
        for (int power = 0; power < 40; power++) {
            double rate = Math.pow(10, power);
            String out = "out" + power;
            try {
                TrainingSummary summary =
                        train(options(out, false, rate, 1, 9, RateSchedule.CONSTANT), NEVER)
                                .orElseThrow();
                assertThat(summary.best().validation()).as("rate %s", rate).isFinite();
            } catch (InvalidInputException e) {
                assertThat(e).hasMessageContaining("a smaller --learning-rate");
                assertThat(folder.resolve(out)).doesNotExist();
            }
        }
    }

    @Test
    void tellsOfManyRecordingsByTheirFolder() throws IOException {
        CsvFormat format = new CsvFormat(CsvOptions.defaults());
        Path many = Files.createDirectory(folder.resolve("many"));
        for (int i = 0; i < 30; i++) {
            Sine.write(many.resolve("sine-%d.csv".formatted(i)), 60);
        }
        data = TrainingData.read(RecordedSource.of(many.toString(), format), format);

        assertThat(train(options("out", false), NEVER).orElseThrow().data().recordings())
                .isEqualTo("many (30 files)");
        assertThat(folder.resolve("out/README.md"))
                .content()
                .contains("\nmany (30 files): 1,800 rows of");
        assertThat(folder.resolve("out/config.json")).content().contains("\"many (30 files)\"");
    }

    @Test
    void refusesRecordingsThatAreTooShort() throws IOException {
        CsvFormat format = new CsvFormat(CsvOptions.defaults());
        Path file = Sine.write(folder.resolve("short.csv"), 15);
        data = TrainingData.read(RecordedSource.of(file.toString(), format), format);

        assertRefused(options("out", false), "the training part has no unbroken 12 samples");
        assertThat(folder.resolve("out.training")).doesNotExist();
    }

    private void assertRefused(TrainingOptions options, String sentence) {
        assertThatThrownBy(() -> train(options, NEVER))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(sentence);
    }
}
