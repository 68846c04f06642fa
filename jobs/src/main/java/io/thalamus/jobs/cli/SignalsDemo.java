/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.report.ReportPage;
import io.thalamus.jobs.report.ReportPage.Figure;
import io.thalamus.jobs.report.Series;
import io.thalamus.jobs.report.SignalsPage;
import io.thalamus.jobs.report.SignalsPage.FaultCount;
import io.thalamus.jobs.report.SignalsPage.Stage;
import io.thalamus.jobs.simulation.Fault;
import io.thalamus.jobs.simulation.SeegSimulator;
import io.thalamus.jobs.simulation.SensorSimulator;
import io.thalamus.jobs.simulation.SimulatedRecording;
import io.thalamus.jobs.simulation.Simulator;
import io.thalamus.jobs.simulation.SpeechSimulator;
import io.thalamus.jobs.simulation.UnreliableLink;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.operators.stream.StreamMetrics;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.util.FileUtils;

/** The demo of the pipelines that prepare signals. */
final class SignalsDemo {
    private static final LocalDateTime START = LocalDate.of(2024, 1, 1).atStartOfDay();
    private static final SensorSimulator SENSORS = new SensorSimulator(1, START, 3, 0.02, 1);
    private static final SimulatedRecording SPEECH =
            new SimulatedRecording(new SpeechSimulator(1, 44_100, 4), 1, 0);
    private static final SimulatedRecording ELECTRODES =
            new SimulatedRecording(new SeegSimulator(1, 2000, 20, 2, 4), 1, 0);

    /** What a telephone gives: a signal that the preset for speech takes too. */
    private static final SpeechSimulator CALL = new SpeechSimulator(2, 16_000, 30);

    private static final int FAULTS = 3;
    private static final int FRAME = 320;

    /** What {@code order.flat-line} of the preset is at the rate of a call. */
    private static final int FLAT = 16_000 / 20;

    private static final UnreliableLink LINK = new UnreliableLink(1, FAULTS);

    private final Console console;
    private final Path presets;
    private final Path folder;
    private final List<RunSummary> summaries = new ArrayList<>();

    SignalsDemo(Console console, Path presets, Path folder) {
        this.console = console;
        this.presets = presets;
        this.folder = folder.toAbsolutePath();
    }

    /** What came of the runs. */
    List<RunSummary> summaries() {
        return summaries;
    }

    /** Makes up recordings, runs the pipelines on them, and shows what came of it. */
    ReportPage run() throws Exception {
        long start = START.toEpochSecond(ZoneOffset.UTC) * 1_000_000_000;
        console.err().println("thalamus: preparing speech, depth electrodes and sensors");
        Series speech = prepare("speech-16k", SPEECH);
        Series electrodes = prepare("seeg", ELECTRODES);
        Series grid = prepare("sensor", SENSORS);
        console.err().println("thalamus: preparing streams with faults");
        List<FaultCount> faults = countFaults(start);
        SignalsPage page =
                new SignalsPage(
                        new Stage(Series.of(SPEECH.frames("speech", 0, FRAME)), speech),
                        new Stage(Series.of(ELECTRODES.frames("seeg", 0, FRAME)), electrodes),
                        temperatures(),
                        grid,
                        faults);
        return page.page(
                "Signals",
                "Made-up recordings of a microphone, of depth electrodes and of weather sensors are"
                        + " prepared by the shipped pipelines speech-16k, seeg and sensor.",
                figures());
    }

    private Series prepare(String preset, Simulator simulator) throws Exception {
        Path recording = folder.resolve(preset + ".csv");
        SimulateCommand.write(simulator, recording);
        PipelineSpec spec = spec(preset, preset, "source.path=" + ForecastDemo.quoted(recording));
        run(spec, List.of());
        return Series.of(frames(preset));
    }

    /** The pipeline of a preset, with its results below one folder. */
    private PipelineSpec spec(String preset, String output, String... overrides)
            throws IOException {
        FileUtils.deleteDirectory(folder.resolve(output).toFile());
        List<String> all = new ArrayList<>(List.of(overrides));
        all.add("sink=" + jsonLines(output, "frames"));
        all.add("annotations=" + jsonLines(output, "annotations"));
        all.add("dead-letters=" + jsonLines(output, "dead-letters"));
        return PipelineSpec.load(presets.resolve(preset + ".yaml"), all);
    }

    private String jsonLines(String output, String kind) throws IOException {
        return "{type: jsonl, path: %s}"
                .formatted(ForecastDemo.quoted(folder.resolve(output).resolve(kind)));
    }

    /**
     * @param frames what the pipeline reads instead of its recording, if there are any
     */
    private RunSummary run(PipelineSpec spec, List<SignalFrame> frames) throws Exception {
        Progress<RunMetrics> progress = new Progress<>(console, RunSummary.progress(spec));
        try (PipelineRun run = new PipelineRun(spec, 1, Map.of())) {
            RunSummary summary =
                    frames.isEmpty() ? run.execute(progress) : run.execute(frames, progress);
            summaries.add(summary);
            return summary;
        } finally {
            progress.end();
        }
    }

    private List<SignalFrame> frames(String output) throws IOException {
        return new ResultFiles(folder.resolve(output).resolve("frames")).frames();
    }

    /**
     * The times of the readings of the first sensor, in seconds since the epoch, and its values.
     */
    private static double[][] temperatures() {
        List<SensorSimulator.Reading> readings =
                SENSORS.readings().stream().filter(reading -> reading.sensor() == 0).toList();
        return new double[][] {
            readings.stream()
                    .mapToDouble(
                            reading -> START.toEpochSecond(ZoneOffset.UTC) + reading.millis() / 1e3)
                    .toArray(),
            readings.stream().mapToDouble(reading -> reading.value().doubleValue()).toArray()
        };
    }

    /** Two streams, of which one was recorded with faults and the other came by a bad link. */
    private List<FaultCount> countFaults(long start) throws Exception {
        SimulatedRecording recorded = new SimulatedRecording(CALL, 1, FAULTS);
        List<SignalFrame> frames = new ArrayList<>(recorded.frames("recorded", start, FRAME));
        frames.addAll(LINK.carry(new SimulatedRecording(CALL, 1, 0).frames("sent", start, FRAME)));
        PipelineSpec spec = spec("speech-16k", "faults", "order.reorder=" + 2 * FRAME);
        Map<String, Long> counted = run(spec, frames).faults();
        int told = new ResultFiles(folder.resolve("faults/annotations")).annotations().size();

        int breaks = 3 * FAULTS; // a recording's gaps, a link's losses, and jumps of its clock
        long lost = samples(recorded, Fault.Kind.GAP) + (long) FAULTS * FRAME;
        return List.of(
                found("breaks of a stream", breaks, StreamMetrics.BREAKS, counted),
                found("of which jumps of the clock", FAULTS, StreamMetrics.CLOCK_JUMPS, counted),
                found("samples lost", lost, StreamMetrics.LOST_SAMPLES, counted),
                found(
                        "samples that came twice",
                        (long) FAULTS * FRAME,
                        StreamMetrics.DUPLICATE_SAMPLES,
                        counted),
                found(
                        "values missing",
                        samples(recorded, Fault.Kind.MISSING),
                        StreamMetrics.MISSING_VALUES,
                        counted),
                found(
                        "values saturated, from the third of a run on",
                        samples(recorded, Fault.Kind.SATURATION) - 2L * FAULTS,
                        StreamMetrics.SATURATED_VALUES,
                        counted),
                found(
                        "values standing still, from the 50th millisecond on",
                        samples(recorded, Fault.Kind.FLAT) - (FLAT - 2L) * FAULTS,
                        StreamMetrics.FLAT_VALUES,
                        counted),
                found("frames late beyond the bound", 0, StreamMetrics.LATE_FRAMES, counted),
                new FaultCount("breaks told of", breaks, "annotations", told));
    }

    private static FaultCount found(
            String fault, long injected, String metric, Map<String, Long> counted) {
        return new FaultCount(fault, injected, metric, counted.get(metric));
    }

    private static long samples(SimulatedRecording recorded, Fault.Kind kind) {
        return recorded.faults().stream()
                .filter(fault -> fault.kind() == kind)
                .mapToLong(Fault::samples)
                .sum();
    }

    private List<Figure> figures() {
        long samples = summaries.stream().mapToLong(RunSummary::samples).sum();
        double seconds = summaries.stream().mapToDouble(RunSummary::seconds).sum();
        return List.of(
                new Figure("pipelines run", "%,d".formatted(summaries.size())),
                new Figure("samples of each channel", "%,d".formatted(samples)),
                new Figure("samples/s, start included", "%,.0f".formatted(samples / seconds)),
                new Figure("frames late, but in time", "%,d".formatted(FAULTS)),
                new Figure(
                        "dead letters",
                        "%,d"
                                .formatted(
                                        summaries.stream()
                                                .mapToLong(RunSummary::deadLetters)
                                                .sum())));
    }
}
