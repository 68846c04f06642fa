/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.evaluation.LabelledWindows;
import io.thalamus.jobs.evaluation.Labels;
import io.thalamus.jobs.report.LearningPage;
import io.thalamus.jobs.report.ReportPage;
import io.thalamus.jobs.report.ReportPage.Figure;
import io.thalamus.jobs.simulation.ChangedSimulator;
import io.thalamus.jobs.simulation.CuedSimulator;
import io.thalamus.jobs.simulation.SimulatedRecording;
import io.thalamus.jobs.simulation.WordsSimulator;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.schemas.Classification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;

/** The demo of learning at test time: words from electrodes whose amplifier is turned down. */
final class LearningDemo {
    private static final long SEED = 5;
    private static final int SECONDS = 480;
    private static final double NANOS = 1e9;

    private final Console console;
    private final Path preset;
    private final Path folder;

    LearningDemo(Console console, Path presets, Path folder) {
        this.console = console;
        this.preset = presets.resolve("decode-seeg.yaml");
        this.folder = folder.toAbsolutePath();
    }

    /** Has the pipeline tell words without learning and with it, and shows what came of it. */
    ReportPage run() throws Exception {
        WordsSimulator reader = new WordsSimulator(SEED, 1, 1000, SECONDS, 2, 4, 8);
        var quiet = new ChangedSimulator(reader, SEED, ChangedSimulator.Change.QUIET);
        Path recording = folder.resolve("words/S01.csv");
        SimulateCommand.write(
                new SimulatedRecording(new CuedSimulator(quiet, reader.labels("S01", 0)), SEED, 0),
                recording);
        console.err().println("thalamus: telling words, without learning and with it");
        LabelledWindows labels = new LabelledWindows(new Labels(reader.labels("S01", 0)));
        List<Classification> frozen = words(recording);
        List<Classification> learning =
                words(recording, "adaptation.preset=homeostat", "adaptation.alpha=0.03");
        return new LearningPage(
                        frozen.stream().mapToDouble(word -> word.endNanos() / NANOS).toArray(),
                        wrong(frozen, labels),
                        wrong(learning, labels),
                        ChangedSimulator.BEFORE * SECONDS)
                .page(
                        "Learning",
                        "Someone who does not exist reads words, and after a while the amplifier of"
                            + " the electrodes is turned down to a third. Du-IN tells the words as"
                            + " it was trained, and once more with the homeostat, which brings what"
                            + " its first layer gives back to where it was in training, without"
                            + " being told a single word.",
                        List.of(
                                new Figure("words", "%,d".formatted(frozen.size())),
                                figure("told wrong as it is", frozen, labels),
                                figure("told wrong, learning", learning, labels)));
    }

    private List<Classification> words(Path recording, String... more) throws Exception {
        List<String> settings = new ArrayList<>(List.of(more));
        settings.add("source.path=" + ForecastDemo.quoted(recording));
        return Observation.of(
                        PipelineSpec.load(preset, settings),
                        frame -> frame,
                        EnumSet.of(Observation.Kept.RESULTS),
                        console)
                .results(Classification.class)
                .stream()
                .sorted(Comparator.comparingLong(Classification::startNanos))
                .toList();
    }

    private static Figure figure(String name, List<Classification> words, LabelledWindows labels) {
        double share = 1 - labels.compare(words).accuracy();
        return new Figure(name, "%.1f %%".formatted(100 * share));
    }

    private static boolean[] wrong(List<Classification> words, LabelledWindows labels) {
        boolean[] wrong = new boolean[words.size()];
        for (int i = 0; i < wrong.length; i++) {
            Classification word = words.get(i);
            wrong[i] = !labels.label(word).orElseThrow().equals(word.label());
        }
        return wrong;
    }
}
