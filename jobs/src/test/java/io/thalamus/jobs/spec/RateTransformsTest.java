/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.rate.Resample;
import io.thalamus.operators.signal.rate.ResampleTo;
import io.thalamus.schemas.SampleRate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateTransformsTest {
    @TempDir private Path folder;

    @Test
    void readsARateOrARatio() throws IOException {
        assertThat(transform("resample, rate: 16000"))
                .isEqualTo(new ResampleTo(SampleRate.ofHertz(16000)));
        assertThat(transform("resample, rate: 1/60"))
                .isEqualTo(new ResampleTo(new SampleRate(1, 60)));
        assertThat(transform("resample, up: 160, down: 441")).isEqualTo(new Resample(160, 441));
        assertThat(transform("resample, up: 2, down: 3, beta: 9")).isEqualTo(new Resample(2, 3, 9));
        assertThat(transform("resample, rate: 1/60, beta: 9"))
                .isEqualTo(new ResampleTo(new SampleRate(1, 60), 9));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "resample | rate | give either rate, or up and down",
                "resample, up: 2 | rate | give either rate, or up and down",
                "resample, rate: 2, up: 2, down: 1 | rate | give either rate, or up and down",
                "resample, rate: fast | rate | is no rate",
                "resample, up: 0, down: 1 | up | at least 1",
                "resample, rate: 2, beta: -1 | type | kaiser: beta is -1.0",
                "resample, rate: 1000003 | type | the ratio 1000003/1 needs a filter"
            })
    void saysWhatIsWrong(String step, String key, String words) {
        Problem problem =
                catchThrowableOfType(InvalidPipelineException.class, () -> transform(step))
                        .problems()
                        .get(0);
        assertThat(problem.path()).isEqualTo("transforms[0]." + key);
        assertThat(problem.message()).contains(words);
    }

    private SignalTransform transform(String step) throws IOException {
        Files.writeString(
                folder.resolve("load.csv"),
                "date,a,b\n2020-01-01 00:00:00,1,2\n2020-01-01 00:00:01,1,2\n");
        Path file = folder.resolve("pipeline.yaml");
        Files.writeString(
                file,
                """
                name: plain
                source: {type: csv, path: load.csv}
                transforms:
                  - {id: it, type: %s}
                sink: {type: csv, path: out/frames}
                annotations: {type: csv, path: out/remarks}
                dead-letters: {type: jsonl, path: out/dead-letters}
                """
                        .formatted(step));
        return PipelineSpec.load(file, List.of()).transforms().get(0).transform();
    }
}
