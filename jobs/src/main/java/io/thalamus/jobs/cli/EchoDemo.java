/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.recording.RecordingFolder;
import io.thalamus.connectors.recording.WrittenFormat;
import io.thalamus.jobs.report.EchoPage;
import io.thalamus.jobs.report.ReportPage;
import io.thalamus.jobs.report.ReportPage.Figure;
import io.thalamus.jobs.report.Series;
import io.thalamus.jobs.report.Sound;
import io.thalamus.jobs.simulation.CallSimulator;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;

/** The demo of the echo canceller. */
final class EchoDemo {
    private static final CallSimulator CALL = new CallSimulator(2, 9);
    private static final String STREAM = "call";
    private static final String VOICE = STREAM + ".voice";
    private static final String SOUNDS = "sounds";

    private final Console console;
    private final Path preset;
    private final Path folder;

    EchoDemo(Console console, Path presets, Path folder) {
        this.console = console;
        this.preset = presets.resolve("echo.yaml");
        this.folder = folder.toAbsolutePath();
    }

    /** Makes up a call, runs the pipeline on it, and shows what came of it. */
    ReportPage run() throws Exception {
        Path sounds = folder.resolve(SOUNDS);
        List<SignalFrame> call = CALL.frames(STREAM);
        write(folder, call);
        for (int channel = 0; channel < CallSimulator.MEMBERS.size(); channel++) {
            int member = channel;
            write(sounds, call.stream().map(f -> CallSimulator.member(f, member)).toList());
        }
        console.err().println("thalamus: cancelling the echo of a call");
        PipelineSpec spec =
                PipelineSpec.load(
                        preset,
                        List.of(
                                "source.path="
                                        + ForecastDemo.quoted(folder.resolve(STREAM + ".wav"))));
        Progress<RunMetrics> progress = new Progress<>(console, RunSummary.progress(spec));
        Observation observation;
        try {
            observation =
                    Observation.of(
                            spec, frame -> frame, EnumSet.allOf(Observation.Kept.class), progress);
        } finally {
            progress.end();
        }
        List<SignalFrame> voice = observation.results(SignalFrame.class);
        write(sounds, voice.stream().map(EchoDemo::asVoice).toList());
        EchoPage page =
                new EchoPage(
                        Series.of(observation.came()),
                        Series.of(voice),
                        List.of(
                                sound("microphone", STREAM + ".microphone"),
                                sound("far end", STREAM + ".far-end"),
                                sound("voice that is left", VOICE)));
        return page.page(
                "Echo canceller",
                "A made-up call over a loudspeaker: the microphone hears the far end as well."
                    + " Knowing what the far end said, an adaptive filter takes out what is linear"
                    + " of that, and a complex network, which has learned from real speech, what is"
                    + " left, and noise, in blocks of 128 ms.",
                List.of(
                        new Figure("seconds of sound", "%.0f".formatted(CALL.seconds())),
                        new Figure(
                                "echo taken out, far end alone",
                                "%.1f dB".formatted(page.echoReturnLossEnhancement())),
                        new Figure("windows", "%,d".formatted(observation.metrics().windows()))));
    }

    private static Sound sound(String title, String stream) {
        return new Sound(title, SOUNDS + "/" + stream + ".wav");
    }

    private static SignalFrame asVoice(SignalFrame frame) {
        return new SignalFrame(
                VOICE,
                frame.sequence(),
                frame.segment(),
                frame.startNanos(),
                frame.rate(),
                frame.channels(),
                frame.samples(),
                frame.quality());
    }

    private static void write(Path into, List<SignalFrame> frames) throws IOException {
        try (RecordingFolder out =
                RecordingFolder.open(into.toString(), WrittenFormat.WAV16, true)) {
            for (SignalFrame frame : frames) {
                out.write(frame);
            }
            out.finish();
        }
    }
}
