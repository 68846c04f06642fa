/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What SoX and FFmpeg write is read as FFmpeg reads it, in every encoding. */
class AudioToolsTest {
    private static final int CHANNELS = 3;

    @TempDir Path folder;

    /** Noise of full scale as raw float64. */
    @BeforeEach
    void writeNoise() throws IOException {
        ByteBuffer noise = ByteBuffer.allocate(8 * CHANNELS * 2000).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(1);
        while (noise.hasRemaining()) {
            noise.putDouble(random.nextDouble() * 1.98 - 0.99);
        }
        Files.write(folder.resolve("noise.f64"), noise.array());
    }

    @ParameterizedTest
    @CsvSource({
        "pcm_u8, wav", "pcm_s16le, wav", "pcm_s24le, wav", "pcm_s32le, wav", "pcm_f32le, wav",
        "pcm_f64le, wav", "pcm_alaw, wav", "pcm_mulaw, wav", "pcm_s16le, rf64", "pcm_f32le, rf64",
        "pcm_s16le, pipe", "pcm_s24le, pipe"
    })
    void agreesWithFfmpeg(String codec, String kind) throws Exception {
        requireTools("ffmpeg");
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error"));
        command.addAll(List.of("-f", "f64le", "-ar", "44100", "-ac", "" + CHANNELS));
        command.addAll(List.of("-i", "noise.f64", "-c:a", codec, "-f", "wav"));
        command.addAll(kind.equals("rf64") ? List.of("-rf64", "always") : List.of());
        command.add(kind.equals("pipe") ? "-" : "out.wav");

        run(command, kind.equals("pipe") ? "out.wav" : "log");

        check();
    }

    @ParameterizedTest
    @CsvSource({
        "unsigned-integer, 8, file",
        "signed-integer, 16, file",
        "signed-integer, 24, file",
        "signed-integer, 32, file",
        "floating-point, 32, file",
        "floating-point, 64, file",
        "a-law, 8, file",
        "mu-law, 8, file",
        "signed-integer, 16, pipe",
        "signed-integer, 24, pipe"
    })
    void agreesWithSox(String encoding, int bits, String kind) throws Exception {
        requireTools("ffmpeg", "sox");
        String raw = "-t f64 -r 44100 -c " + CHANNELS;
        String format = "-t wav -e " + encoding + " -b " + bits;
        String command =
                kind.equals("pipe")
                        ? "cat noise.f64 | sox -D -V1 %s - %s -".formatted(raw, format)
                        : "sox -D -V1 %s noise.f64 %s out.wav".formatted(raw, format);

        run(List.of("sh", "-c", command), kind.equals("pipe") ? "out.wav" : "log");

        check();
    }

    private void check() throws Exception {
        run(List.of("ffmpeg", "-v", "error", "-i", "out.wav", "-f", "f32le", "-"), "expected.f32");
        float[] expected = new float[CHANNELS * 2000];
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve("expected.f32")))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(expected);
        Recording recording =
                new Recording(
                        DetectedFormat.of(RecordingOptions.defaults()), folder.resolve("out.wav"));

        assertThat(Recording.refused(recording.read())).isEmpty();
        assertThat(recording.describe().streams().get(0).rate().hertz()).isEqualTo(44100);
        for (int channel = 0; channel < CHANNELS; channel++) {
            float[] samples = Recording.samples(recording.read(), "s", channel);
            assertThat(samples).hasSize(2000);
            for (int i = 0; i < samples.length; i++) {
                assertThat(samples[i]).isEqualTo(expected[i * CHANNELS + channel]);
            }
        }
    }

    private static void requireTools(String... names) {
        List<String> folders = Arrays.asList(System.getenv("PATH").split(File.pathSeparator));
        for (String name : names) {
            Stream<Path> places = folders.stream().map(place -> Path.of(place, name));
            assumeTrue(places.anyMatch(Files::isExecutable), "this test needs " + name);
        }
    }

    private void run(List<String> command, String output) throws Exception {
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(folder.resolve(output).toFile())
                        .redirectError(folder.resolve("errors").toFile())
                        .start();
        assertThat(process.waitFor())
                .as(() -> command + ": " + read(folder.resolve("errors")))
                .isZero();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
