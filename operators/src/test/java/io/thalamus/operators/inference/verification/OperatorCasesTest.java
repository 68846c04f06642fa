/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.inference.SafetensorsFile;
import io.thalamus.operators.testing.NoEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The operators agree with the reference vectors, every tensor of them. */
class OperatorCasesTest {
    @TempDir private Path folder;
    private final BundleVerifier verifier =
            new BundleVerifier(new NoEngine(), getClass().getClassLoader());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rfft",
                "dct",
                "windows",
                "windows-symmetric",
                "stft-320-160-hann",
                "stft-512-256-hann",
                "stft-512-256-sqrthann",
                "resample-1-2",
                "resample-160-441",
                "resample-2-1",
                "resample-2-5",
                "welch",
                "hilbert",
                "fir-lowpass",
                "fir-highpass",
                "fir-bandpass",
                "fir-bandstop",
                "iir-lowpass-60",
                "iir-highpass-1",
                "iir-bandpass-0.5-200",
                "iir-bandstop-48-52",
                "iir-notch",
                "rereference",
                "standardise",
                "chain-seeg"
            })
    void agreeWithTheReference(String name) throws Exception {
        BundleResult result =
                verifier.verify(Path.of(getClass().getResource("/golden/dsp/" + name).toURI()));
        assertThat(result.reason()).isNull();
        assertThat(result.engine()).isEqualTo("java");
        assertThat(result.results()).isNotEmpty().allMatch(TensorResult::ok);
        assertThat(result.notCompared()).isEmpty();
    }

    /** A sine of a quarter of the rate: bin 2 of 8, and nothing else. */
    @Test
    void findADifference() throws IOException {
        Path sine = folder.resolve("sine");
        write(sine, "rfft", "{}", -3.9);
        assertThat(verifier.verify(sine).reason())
                .isEqualTo("1 of 2 tensors are further from the reference than the tolerance");
        write(sine, "rfft", "{}", -4);
        assertThat(verifier.verify(sine).ok()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "stft | {} | parameters.periodic must be true or false, but is missing",
                "stft | {'periodic': true, 'fftSize': 4, 'hop': 2, 'window': 'hat'}"
                        + " | parameters.window must be one of",
                "resample | {'up': 0} | parameters.up must be a whole number of at least 1",
                "resample | {'up': 1, 'down': 2, 'halfLength': '16*max(up,down)'}"
                        + " | parameters.halfLength must be 10*max(up,down)",
                "welch | {'windowPeriodic': true, 'segment': 2, 'overlap': 1, 'window': 'hann',"
                        + " 'detrend': 'linear'}"
                        + " | parameters.detrend must be one of [constant, none]",
                "butterworth | {'type': 'low'} | parameters.type must be one of lowpass",
                "butterworth | {'type': 'lowpass', 'cutoffsHz': 3}"
                        + " | parameters.cutoffsHz must be a list of numbers",
                "notch | {'frequencyHz': 50} | parameters.q must be a number, but is missing",
                "fir | {'windowPeriodic': true} | parameters.windowPeriodic must be false",
                "chain | {'sampleRateHz': 9, 'steps': [{'rereference': 'ear'}]}"
                        + " | parameters.steps[0].rereference must be one of [average, bipolar",
                "chain | {'sampleRateHz': 9, 'steps': [{'smooth': {}}]}"
                        + " | parameters.steps must be a list of steps, each one of [butterworth",
                "chain | {'sampleRateHz': 9} | parameters.steps must be a list of objects",
                "window | {'n': 3} | parameters.periodic must be true or false, but is missing"
            })
    void sayWhichParameterIsWrong(String operator, String parameters, String reason)
            throws IOException {
        write(folder.resolve("b"), operator, parameters.replace('\'', '"'), 0);
        assertThat(verifier.verify(folder.resolve("b")).reason()).contains(reason);
    }

    private static void write(Path bundle, String operator, String parameters, double second)
            throws IOException {
        Files.createDirectories(bundle);
        Files.writeString(
                bundle.resolve("config.json"),
                ("{\"kind\": \"operator\", \"operator\": \"%s\", \"parameters\": %s,"
                                + " \"inputs\": [\"in\"], \"cases\": [{\"name\": \"c0\"}],"
                                + " \"tolerance\": {\"metric\": \"maxAbs\", \"value\": 1e-6}}")
                        .formatted(operator, parameters));
        new SafetensorsFile()
                .floats("c0.in", new int[] {8}, 0, 1, 0, -1, 0, 1, 0, -1)
                .floats("c0.re", new int[] {5}, 0, 0, 0, 0, 0)
                .floats("c0.im", new int[] {5}, 0, 0, (float) second, 0, 0)
                .write(bundle.resolve("cases.safetensors"));
    }
}
