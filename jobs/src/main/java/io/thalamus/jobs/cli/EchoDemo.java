/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.report.ReportPage;
import io.thalamus.jobs.report.ReportPage.Figure;
import io.thalamus.jobs.report.SoundPage;
import io.thalamus.jobs.report.SoundPage.Stage;
import io.thalamus.jobs.report.SoundPage.Track;
import io.thalamus.jobs.simulation.CallSimulator;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.operators.signal.quality.EchoReturnLoss;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/** The demo of the echo canceller. */
final class EchoDemo {
    private static final CallSimulator CALL = new CallSimulator(2, 9);
    private static final String STREAM = "call";

    private final Console console;
    private final Path preset;
    private final Path folder;
    private final SoundFiles sounds;

    EchoDemo(Console console, Path presets, Path folder) {
        this.console = console;
        this.preset = presets.resolve("echo.yaml");
        this.folder = folder.toAbsolutePath();
        this.sounds = new SoundFiles(this.folder);
    }

    /** Makes up a call, runs the pipeline on it, and shows what came of it. */
    ReportPage run() throws Exception {
        List<SignalFrame> call = CALL.frames(STREAM);
        SoundFiles.write(folder, call);
        console.err().println("thalamus: cancelling the echo of a call");
        Path recording = folder.resolve(STREAM + ".wav");
        PipelineSpec spec =
                PipelineSpec.load(preset, List.of("source.path=" + ForecastDemo.quoted(recording)));
        Observation observation =
                Observation.of(
                        spec, frame -> frame, EnumSet.allOf(Observation.Kept.class), console);

        Track microphone = member("microphone", "call.microphone", call, 0);
        Track farEnd = member("far end", "call.far-end", call, 1);
        // What the network is given is no longer the microphone: the filter was there before.
        Track filtered = member("behind the filter", "call.filtered", observation.came(), 0);
        Track voice =
                sounds.track(
                        "voice that is left", "call.voice", observation.results(SignalFrame.class));
        return new SoundPage(
                        List.of(
                                new Stage(
                                        "Before",
                                        "In the first third only the far end speaks, in the second"
                                            + " only the near end, in the last both. What is left"
                                            + " open is silent to the bit.",
                                        List.of(microphone, farEnd)),
                                new Stage(
                                        "After",
                                        "What the adaptive filter leaves of the microphone, and"
                                                + " what the network leaves of that: in the first"
                                                + " third, nothing should be.",
                                        List.of(filtered, voice))))
                .page(
                        "Echo canceller",
                        "A made-up call over a loudspeaker: the microphone hears the far end as"
                            + " well. Knowing what the far end said, an adaptive filter takes out"
                            + " what is linear of that, and a complex network, which has learned"
                            + " from real speech, what is left, and noise, in blocks of 128 ms.",
                        List.of(
                                new Figure("seconds of sound", "%.0f".formatted(CALL.seconds())),
                                new Figure(
                                        "echo taken out by the filter, far end alone",
                                        decibels(microphone, farEnd, filtered)),
                                new Figure(
                                        "by filter and network",
                                        decibels(microphone, farEnd, voice)),
                                new Figure(
                                        "windows",
                                        "%,d".formatted(observation.metrics().windows()))));
    }

    private Track member(String title, String name, List<SignalFrame> frames, int channel)
            throws IOException {
        return sounds.track(
                title,
                name,
                frames.stream().map(frame -> CallSimulator.member(frame, channel)).toList());
    }

    /** The echo return loss enhancement in the first third, where the far end speaks alone. */
    private static String decibels(Track microphone, Track farEnd, Track output) {
        return "%.1f dB"
                .formatted(
                        EchoReturnLoss.enhancement(
                                firstThird(microphone),
                                firstThird(farEnd),
                                firstThird(output),
                                CALL.rate(),
                                0));
    }

    private static double[] firstThird(Track track) {
        float[] samples = track.signal().values()[0];
        double[] third = new double[(int) (CALL.seconds() / 3 * CALL.rate().hertz())];
        Arrays.setAll(third, n -> samples[n]);
        return third;
    }
}
