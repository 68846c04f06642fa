/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.report.ReportPage;
import io.thalamus.jobs.report.ReportPage.Figure;
import io.thalamus.jobs.report.SoundPage;
import io.thalamus.jobs.report.SoundPage.Stage;
import io.thalamus.jobs.report.SoundPage.Track;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.schemas.SignalFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** The demo of the separator of voices. */
final class SeparationDemo {
    private final Console console;
    private final Path preset;
    private final SoundFiles sounds;

    SeparationDemo(Console console, Path presets, Path folder) {
        this.console = console;
        this.preset = presets.resolve("separate.yaml");
        this.sounds = new SoundFiles(folder.toAbsolutePath());
    }

    /** Runs the pipeline on the shipped recording, and shows what came of it. */
    ReportPage run() throws Exception {
        console.err().println("thalamus: separating two voices");
        Observation observation =
                Observation.of(
                        PipelineSpec.load(preset, List.of()),
                        frame -> frame,
                        EnumSet.allOf(Observation.Kept.class),
                        console);

        Track mixture = sounds.track("both voices", "voices", observation.came());
        List<Track> voices = new ArrayList<>();
        for (List<SignalFrame> voice :
                ModelsDemo.byStream(observation.results(SignalFrame.class)).values()) {
            int number = voices.size() + 1;
            voices.add(sounds.track("voice " + number, "voices." + number, voice));
        }
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure("seconds of sound", "%.0f".formatted(seconds(mixture))));
        figures.add(new Figure("windows", "%,d".formatted(observation.metrics().windows())));
        for (Track voice : voices) {
            figures.add(
                    new Figure(
                            voice.title() + ", against both",
                            "%.1f dB".formatted(10 * Math.log10(power(voice) / power(mixture)))));
        }
        return new SoundPage(
                        List.of(
                                new Stage(
                                        "Before",
                                        "One channel, in which the voices swell in turn.",
                                        List.of(mixture)),
                                new Stage(
                                        "After",
                                        "A stream for each voice, with the times of the recording:"
                                                + " what one picture shows, the other should not.",
                                        voices)))
                .page(
                        "Separation",
                        "The shipped recording of two artificial voices, with pitches of 110 and"
                            + " 190 Hz, is cut into windows of 4 s that share half of their"
                            + " samples. MossFormer2, which has learned from real speech, separates"
                            + " each, and what belongs to one voice is put together.",
                        figures);
    }

    private static double seconds(Track track) {
        return track.signal().values()[0].length / track.signal().rate().hertz();
    }

    private static double power(Track track) {
        double sum = 0;
        for (float sample : track.signal().values()[0]) {
            sum += (double) sample * sample;
        }
        return sum;
    }
}
