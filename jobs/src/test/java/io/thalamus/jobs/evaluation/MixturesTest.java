/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixturesTest {
    private static final int LENGTH = 10 * 8000;

    @TempDir private Path folder;

    private final float[] first = Waves.noise(1, LENGTH);
    private final float[] second = Waves.noise(2, LENGTH);
    private final float[] mixture = Waves.sum(first, 1, second);

    @Test
    void theOrderOfTheOutputsIsFree() throws IOException {
        write("set/item1", first, second);
        float[] firstFound = Waves.sum(first, 0.1, second);
        float[] secondFound = Waves.sum(second, 0.1, first);

        SeparationScore straight = score("set-item1", firstFound, secondFound);
        SeparationScore crossed = score("set-item1", secondFound, firstFound);

        assertThat(straight.mixture()).isEqualTo("set-item1");
        assertThat(straight.seconds()).isEqualTo(10);
        assertThat(straight.speakers()).isEqualTo(2);
        assertThat(straight.fixed().siSdr()).isCloseTo(20, within(0.2));
        assertThat(straight.fixed().siSdri()).isCloseTo(20, within(0.2));
        assertThat(straight.followed()).isEqualTo(straight.fixed());
        assertThat(straight.swaps()).isZero();
        assertThat(crossed).isEqualTo(straight);
    }

    /**
     * At 4 s and at 7 s; what is wrong until the swap is found is a quarter of a second at most.
     */
    @Test
    void swapsAreCountedAndFollowed() throws IOException {
        write("m", first, second);
        float[] one = Waves.sum(first, 0.1, second);
        float[] other = Waves.sum(second, 0.1, first);
        float[] oneSwapped = one.clone();
        float[] otherSwapped = other.clone();
        System.arraycopy(other, 32_000, oneSwapped, 32_000, 24_000);
        System.arraycopy(one, 32_000, otherSwapped, 32_000, 24_000);

        SeparationScore score = score("m", otherSwapped, oneSwapped);

        assertThat(score.swaps()).isEqualTo(2);
        assertThat(score.followed().siSdr()).isCloseTo(20, within(0.5));
        assertThat(score.fixed().siSdr()).isBetween(0.0, 10.0);
        assertThat(score.fixed().siSdri()).isCloseTo(score.fixed().siSdr(), within(0.2));
    }

    @Test
    void whileOneIsSilentNothingIsSwapped() throws IOException {
        float[] pausing = second.clone();
        Arrays.fill(pausing, 24_000, 56_000, 0);
        write("m", first, pausing);
        float[] one = Waves.sum(first, 0.1, pausing);
        float[] other = Waves.sum(pausing, 0.1, first);
        System.arraycopy(first, 32_000, other, 32_000, 16_000);
        Arrays.fill(one, 32_000, 48_000, 0.001f);
        System.arraycopy(Waves.noise(9, 16_000), 0, one, 32_000, 16_000);

        assertThat(score("m", one, other).swaps()).isZero();
    }

    /** Two copies of the mixture are as good in either order. */
    @Test
    void nothingSeparatedIsNeitherBetterNorSwapped() throws IOException {
        write("m", first, second);
        SeparationScore score = score("m", mixture, Waves.sum(mixture, 0.01, first));
        assertThat(score.swaps()).isZero();
        assertThat(score.fixed().siSdri()).isCloseTo(0, within(0.05));
    }

    @Test
    void threeSpeakersAreFoundInAnyOrder() throws IOException {
        float[] third = Waves.noise(3, LENGTH);
        write("m", first, second, third);
        SeparationScore score =
                Mixtures.in(folder)
                        .compare(
                                List.of(
                                        Waves.frame("m/1", 0, 0, Waves.sum(third, 0.1, first)),
                                        Waves.frame("m/2", 0, 0, Waves.sum(first, 0.1, second)),
                                        Waves.frame("m/3", 0, 0, Waves.sum(second, 0.1, third))))
                        .get(0);
        assertThat(score.speakers()).isEqualTo(3);
        assertThat(score.fixed().siSdr()).isCloseTo(20, within(0.2));
    }

    @Test
    void whereNothingCameTheMixtureStands() throws IOException {
        write("m", first, second);
        SeparationScore score =
                score("m", Arrays.copyOf(first, LENGTH / 2), Arrays.copyOf(second, LENGTH / 2));
        assertThat(score.missing()).isEqualTo(LENGTH);
        assertThat(score.fixed().siSdr()).isCloseTo(10 * Math.log10(2), within(0.2));
    }

    @Test
    void everySpeakerHasToCome() throws IOException {
        write("m", first, second);
        SignalFrame one = Waves.frame("m/1", 0, 0, first);
        SignalFrame two = Waves.frame("m/2", 0, 0, first);
        SignalFrame three = Waves.frame("m/3", 0, 0, first);
        for (List<SignalFrame> came : List.of(List.of(one), List.of(one, two, three))) {
            assertThatThrownBy(() -> Mixtures.in(folder).compare(came))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(
                            "of m come %d streams of speakers, but there are 2"
                                    .formatted(came.size()));
        }
    }

    @Test
    void mixturesAreFoundAtAnyDepth() throws IOException {
        write("b", first, second);
        write("a/x", first, second);
        Files.createDirectories(folder.resolve("empty"));
        assertThat(Mixtures.in(folder.resolve("empty")).isEmpty()).isTrue();
        assertThat(Mixtures.in(folder).isEmpty()).isFalse();
        Path recordings = folder.resolve("recordings");
        Mixtures.in(folder).record(recordings);
        assertThat(recordings).isDirectoryContaining("glob:**/a-x.avro");
        assertThat(recordings).isDirectoryContaining("glob:**/b.avro");
        Files.delete(folder.resolve("b").resolve("source1.wav"));
        assertThatThrownBy(() -> Mixtures.in(folder).compare(List.of()))
                .hasMessageContaining("of a-x come 0 streams");
    }

    private SeparationScore score(String name, float[]... outputs) throws IOException {
        return Mixtures.in(folder)
                .compare(
                        List.of(
                                Waves.frame(name + "/1", 0, 0, outputs[0]),
                                Waves.frame(name + "/2", 0, 0, outputs[1])))
                .get(0);
    }

    private void write(String name, float[]... sources) throws IOException {
        Path place = folder.resolve(name);
        float[] sum = new float[LENGTH];
        for (int speaker = 0; speaker < sources.length; speaker++) {
            sum = Waves.sum(sum, 1, sources[speaker]);
            Waves.write(place, "source" + (speaker + 1), sources[speaker]);
        }
        Waves.write(place, "mix", sum);
    }
}
