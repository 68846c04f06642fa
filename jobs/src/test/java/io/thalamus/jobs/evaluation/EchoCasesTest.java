/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.signal.quality.Intelligibility;
import io.thalamus.operators.signal.quality.SignalToDistortion;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EchoCasesTest {
    private static final int SECONDS = 6;
    private static final int LENGTH = SECONDS * 8000;
    private static final String HEADER =
            "case,scenario,room,near_start_s,near_end_s,path_change_s\n";

    @TempDir private Path folder;

    private final float[] far = Waves.noise(1, LENGTH);
    private final float[] near = Waves.noise(2, LENGTH);

    @Test
    void theLossIsThatOfAllAndOfWhatComesAfterAdapting() throws IOException {
        list(
                "calm,farend_only,a,,,\n"
                        + "moved,farend_only_path_change,a,,,3.5\n"
                        + "talk,double_talk,a,0,6,");
        for (String name : List.of("calm", "moved", "talk")) {
            write(name, far, far, near);
        }
        // A tenth from 3 s on, a hundredth from 4.5 s on.
        float[] left = new float[LENGTH];
        for (int n = 0; n < LENGTH; n++) {
            double factor = n < 3 * 8000 ? 0.5 : n < 4.5 * 8000 ? 0.1 : 0.01;
            left[n] = (float) (factor * far[n]);
        }

        List<EchoScore> scores =
                EchoCases.in(folder)
                        .compare(
                                List.of(
                                        Waves.frame("calm", 0, 0, left),
                                        Waves.frame("talk", 0, 0, left),
                                        Waves.frame("moved", 0, 0, left)));

        assertThat(scores).extracting(EchoScore::name).containsExactly("calm", "moved", "talk");
        assertThat(scores.get(0).erle()).isCloseTo(loss(left, 0), within(1e-6));
        assertThat(scores.get(0).erleTail()).isCloseTo(loss(left, 3), within(1e-6));
        assertThat(scores.get(1).erleTail()).isCloseTo(40, within(1e-3));
        assertThat(scores.get(2).erle()).isNaN();
        assertThat(scores.get(0).output().siSdr()).isNaN();
    }

    private double loss(float[] left, int from) {
        double before = 0;
        double after = 0;
        for (int n = 8000 * from; n < LENGTH; n++) {
            before += far[n] * far[n];
            after += left[n] * left[n];
        }
        return 10 * Math.log10(before / after);
    }

    @Test
    void speechIsComparedWhileTheNearEndSpeaks() throws IOException {
        list("c,double_talk,a,2.5,5.5,");
        float[] microphone = Waves.sum(near, 1, far);
        write("c", microphone, far, near);
        float[] output = Waves.sum(near, 0.1, far);
        Arrays.fill(output, 0, 20_000, 9);
        Arrays.fill(output, 44_000, LENGTH, 9);

        EchoScore score =
                EchoCases.in(folder).compare(List.of(Waves.frame("c", 0, 0, output))).get(0);

        double[] clean = part(near);
        assertThat(score.output().siSdr())
                .isEqualTo(SignalToDistortion.scaleInvariant(part(output), clean))
                .isCloseTo(20, within(0.5));
        assertThat(score.microphone().siSdr())
                .isEqualTo(SignalToDistortion.scaleInvariant(part(microphone), clean))
                .isCloseTo(0, within(0.5));
        Intelligibility heard = Intelligibility.of(part(output), clean, Waves.RATE);
        assertThat(score.output().stoi()).isEqualTo(heard.stoi());
        assertThat(score.output().estoi()).isEqualTo(heard.estoi());
        assertThat(score.microphone().stoi()).isLessThan(heard.stoi());
        assertThat(score.missing()).isZero();
    }

    private static double[] part(float[] signal) {
        double[] part = new double[24_000];
        for (int n = 0; n < part.length; n++) {
            part[n] = signal[20_000 + n];
        }
        return part;
    }

    @Test
    void whereNothingCameTheMicrophoneStands() throws IOException {
        list("c,farend_only,a,,,");
        write("c", far, far, near);
        SignalFrame late = Waves.frame("c", 0, 3_000_000_000L, new float[LENGTH / 2]);

        EchoScore score = EchoCases.in(folder).compare(List.of(late)).get(0);

        assertThat(score.missing()).isEqualTo(LENGTH / 2);
        assertThat(score.erle()).isCloseTo(loss(half(), 0), within(1e-6));
        assertThat(score.erleTail()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    private float[] half() {
        float[] half = far.clone();
        Arrays.fill(half, LENGTH / 2, LENGTH, 0);
        return half;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "case,scenario|x,y|line 2 has no near_start_s: the header names no such column",
                "case,scenario,near_start_s,near_end_s,path_change_s|c,s,1,2|line 2 has 4 fields,"
                        + " the header 5",
                "case,scenario,near_start_s,near_end_s,path_change_s|c,s,2,1,|no near_end_s after"
                        + " its near_start_s",
                "case,scenario,near_start_s,near_end_s,path_change_s|c,s,2,,|no near_end_s after"
                        + " its near_start_s",
                "case,scenario,near_start_s,near_end_s,path_change_s|c,s,soon,,|has 'soon' as"
                        + " near_start_s",
                "case,scenario,near_start_s,near_end_s,path_change_s|c,s,,,-1|seconds from 0 on",
                "case,scenario,near_start_s,near_end_s,path_change_s|c,,,,|has no case or no"
                        + " scenario",
                "case,scenario||lists no case"
            })
    void aWrongListIsOneSentence(String header, String row, String message) throws IOException {
        Files.writeString(
                folder.resolve("metadata.csv"), header + "\n" + (row == null ? "" : row + "\n"));
        assertThatThrownBy(() -> EchoCases.in(folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("metadata.csv")
                .hasMessageContaining(message);
    }

    @Test
    void filesThatAreNotAlikeAreOneSentence() throws IOException {
        list("c,farend_only,a,,,");
        Path place = folder.resolve("c");
        Waves.write(place, "mic", far);
        assertThatThrownBy(() -> EchoCases.in(folder).record(folder))
                .hasMessageContaining("there is no file")
                .hasMessageContaining("far.wav");
        Waves.write(place, "far", Waves.noise(1, 7));
        assertThatThrownBy(() -> EchoCases.in(folder).record(folder))
                .hasMessageContaining("mic.wav' has 48,000 samples at 8000 Hz")
                .hasMessageContaining("has 7 at");
        Waves.write(place, "far", SampleRate.ofHertz(4000), List.of("ch1"), far);
        assertThatThrownBy(() -> EchoCases.in(folder).record(folder))
                .hasMessageContaining("48,000 at 4000 Hz");
        Waves.write(place, "far", Waves.RATE, List.of("ch1", "ch2"), far);
        assertThatThrownBy(() -> EchoCases.in(folder).record(folder))
                .hasMessageContaining("has not one channel");
        Waves.write(place, "far", far);
        byte[] whole = Files.readAllBytes(place.resolve("far.wav"));
        Files.write(place.resolve("far.wav"), Arrays.copyOf(whole, whole.length - 100));
        assertThatThrownBy(() -> EchoCases.in(folder).record(folder))
                .hasMessageContaining("far.wav' is damaged");
    }

    private void list(String rows) throws IOException {
        Files.writeString(folder.resolve("metadata.csv"), HEADER + rows + "\n");
    }

    private void write(String name, float[] microphone, float[] farEnd, float[] speech)
            throws IOException {
        Path place = folder.resolve(name);
        Waves.write(place, "mic", microphone);
        Waves.write(place, "far", farEnd);
        Waves.write(place, "near", speech);
    }
}
