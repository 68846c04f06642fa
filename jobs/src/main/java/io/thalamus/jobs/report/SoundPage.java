/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import io.thalamus.jobs.report.ReportPage.Figure;
import io.thalamus.jobs.report.ReportPage.Section;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * The page of a pipeline that makes sound of sound: the spectrogram of each and a player below it.
 * All have one scale of colours, so that what became quieter looks so, and one width, so that times
 * lie below one another.
 *
 * @param stages what came, and what was made of it
 */
public record SoundPage(List<Stage> stages) {

    /**
     * Sounds that belong together; as many stand beside one another as the smallest stage has.
     *
     * @param caption what is to be seen and heard, as text
     */
    public record Stage(String heading, String caption, List<Track> tracks) {}

    /**
     * A sound.
     *
     * @param title what it is
     * @param signal the signal, of one channel
     * @param file a WAV file of it, relative to the report's
     */
    public record Track(String title, Series signal, String file) {

        private Spectrogram spectrogram() {
            return Spectrogram.ofSound(signal, 0);
        }

        private double highestHertz() {
            return signal.rate().hertz() / 2;
        }
    }

    /**
     * The page.
     *
     * @param figures the run's figures, shown at the top
     */
    public ReportPage page(String title, String introduction, List<Figure> figures) {
        Map<Track, Spectrogram> spectrograms =
                stages.stream()
                        .flatMap(stage -> stage.tracks.stream())
                        .distinct()
                        .collect(Collectors.toMap(track -> track, Track::spectrogram));
        double loudest =
                spectrograms.entrySet().stream()
                        .map(sound -> sound.getValue().loudest(sound.getKey().highestHertz()))
                        .flatMapToDouble(OptionalDouble::stream)
                        .max()
                        .orElse(0);
        int columns = stages.stream().mapToInt(stage -> stage.tracks.size()).min().orElseThrow();
        return new ReportPage(
                title,
                introduction,
                figures,
                stages.stream()
                        .map(stage -> section(stage, columns, spectrograms, loudest))
                        .toList());
    }

    private static Section section(
            Stage stage, int columns, Map<Track, Spectrogram> spectrograms, double loudest) {
        int width = columns == 1 ? Exhibit.WHOLE : Exhibit.HALF;
        return new Section(
                stage.heading,
                stage.caption,
                columns,
                stage.tracks.stream()
                        .map(
                                track ->
                                        new Sound(
                                                spectrograms
                                                        .get(track)
                                                        .picture(
                                                                track.title,
                                                                track.highestHertz(),
                                                                loudest,
                                                                width),
                                                track.file))
                        .toList());
    }
}
