/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Mixtures of speakers in a folder: each folder below it, at any depth, with {@code mix.wav} and
 * {@code source1.wav}, {@code source2.wav} ... is one, named by its path with dashes.
 */
public final class Mixtures {
    private static final List<String> CHANNELS = List.of("mixture");

    private final List<Mixture> mixtures;

    private Mixtures(List<Mixture> mixtures) {
        this.mixtures = mixtures;
    }

    /**
     * Finds the mixtures, in the order of their names.
     *
     * @return with none, if there are none
     */
    public static Mixtures in(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return new Mixtures(
                    files.filter(file -> file.endsWith(Mixture.FILE))
                            .map(Path::getParent)
                            .sorted()
                            .map(one -> new Mixture(name(folder, one), one))
                            .toList());
        }
    }

    private static String name(Path folder, Path mixture) {
        return folder.equals(mixture)
                ? "mixture"
                : folder.relativize(mixture).toString().replace('/', '-');
    }

    public boolean isEmpty() {
        return mixtures.isEmpty();
    }

    /** Writes each mixture as a recording of one channel. */
    public void record(Path folder) throws IOException {
        for (Mixture mixture : mixtures) {
            MonoRecording sum = mixture.sum();
            played(mixture, sum).record(folder, CHANNELS, List.of(sum.samples()));
        }
    }

    /**
     * Compares the speakers that came of the mixtures with what each of them said.
     *
     * @param came frames of the streams {@code <mixture>/1}, {@code <mixture>/2} ..., one for each
     *     speaker, in any order
     * @throws InvalidInputException if there are not as many streams as speakers
     */
    public List<SeparationScore> compare(List<SignalFrame> came) throws IOException {
        Map<String, List<SignalFrame>> byStream =
                came.stream().collect(Collectors.groupingBy(SignalFrame::streamId));
        List<SeparationScore> scores = new ArrayList<>();
        for (Mixture mixture : mixtures) {
            MonoRecording sum = mixture.sum();
            List<MonoRecording> sources = mixture.sources(sum);
            long streams =
                    byStream.keySet().stream()
                            .filter(stream -> stream.startsWith(mixture.name() + "/"))
                            .count();
            List<PlayedStream.Outcome> outcomes = new ArrayList<>();
            for (int speaker = 1; speaker <= sources.size(); speaker++) {
                List<SignalFrame> frames = byStream.get(mixture.name() + "/" + speaker);
                if (frames == null || streams != sources.size()) {
                    throw new InvalidInputException(
                            "of %s come %d streams of speakers, but there are %d: the pipeline has to give the streams %s/1 to %s/%d"
                                    .formatted(
                                            mixture.name(),
                                            streams,
                                            sources.size(),
                                            mixture.name(),
                                            mixture.name(),
                                            sources.size()));
                }
                outcomes.add(played(mixture, sum).outcome(frames, sum.samples()));
            }
            scores.add(
                    SeparationScore.of(
                            mixture.name(),
                            sum.rate(),
                            sum.samples(),
                            sources.stream().map(MonoRecording::samples).toArray(float[][]::new),
                            outcomes.stream()
                                    .map(PlayedStream.Outcome::samples)
                                    .toArray(float[][]::new),
                            outcomes.stream().mapToInt(PlayedStream.Outcome::missing).sum()));
        }
        return scores;
    }

    private static PlayedStream played(Mixture mixture, MonoRecording sum) {
        return new PlayedStream(mixture.name(), sum.rate(), sum.length());
    }
}
