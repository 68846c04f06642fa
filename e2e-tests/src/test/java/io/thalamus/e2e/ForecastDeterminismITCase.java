/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same input gives the same bits, however the work is divided. */
class ForecastDeterminismITCase {
    private static final int STREAMS = 3;

    @TempDir static Path folder;
    private static Path recordings;
    private static List<String> expected;

    @BeforeAll
    static void runOnce() throws Exception {
        recordings = ForecastRuns.recordings(folder.resolve("recordings"), STREAMS, 700);
        expected = run("expected", 1, "window.hop=12");
        assertThat(expected).hasSizeGreaterThan(STREAMS * 20);
    }

    @ParameterizedTest
    @CsvSource({
        "1, model.batch.size=1",
        "1, model.batch.size=8",
        "1, model.batch.size=64",
        "2, model.batch.size=64",
        "2, model.batch.size=1",
        "1, source.frame=1",
        "1, source.frame=7",
        "2, source.frame=96",
        "1, model.batch.delay=1ms",
        "1, order.reorder=100"
    })
    void givesTheSameBits(int parallelism, String setting) throws Exception {
        String name = setting.replace('=', '-') + "-" + parallelism;
        assertThat(run(name, parallelism, "window.hop=12", setting)).isEqualTo(expected);
    }

    private static List<String> run(String name, int parallelism, String... settings)
            throws Exception {
        Path results = folder.resolve(name);
        ForecastRuns.run(parallelism, ForecastRuns.fileToFile(recordings, results, settings));
        return ForecastRuns.forecasts(results);
    }
}
