/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.jobs.report.SignalsPage.FaultCount;
import io.thalamus.jobs.report.SignalsPage.Stage;
import io.thalamus.schemas.SampleRate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignalsPageTest {
    @TempDir private Path folder;

    @Test
    void showsSpectraBeforeAndAfterAndTheFaults() throws Exception {
        SignalsPage page =
                new SignalsPage(
                        new Stage(sine("mic", 8000, 1000, 1), sine("mic", 4000, 1000, 1)),
                        new Stage(sine("LA1", 2000, 50, 7), sine("LA1-LA2", 1000, 10, 3)),
                        new double[][] {{0, 9, 21}, {20, 21, 20}},
                        sine("temperature", 1, 0.01, 1),
                        List.of(new FaultCount("lost frames", 3, "gaps", 4)));

        ReportPage made = page.page("Signals", "intro", List.of());

        HeatMap before = (HeatMap) exhibit(made, 0, 0);
        HeatMap after = (HeatMap) exhibit(made, 0, 1);
        assertThat(before.vertical().high()).isEqualTo(2);
        assertThat(loudestRow(before)).isEqualTo(1000 * 256 / 8000);
        assertThat(loudestRow(after)).isEqualTo(1000 * 128 / 4000);
        LineChart spectra = (LineChart) exhibit(made, 1, 0);
        assertThat(frequencyOfPeak(spectra.lines().get(0))).isEqualTo(50);
        assertThat(frequencyOfPeak(spectra.lines().get(1))).isEqualTo(10);
        // scaled to a deviation of 1, they are alike whatever their amplitude
        assertThat(peak(spectra.lines().get(0)))
                .isCloseTo(peak(spectra.lines().get(1)), within(0.1));
        Line wave = ((LineChart) exhibit(made, 2, 1)).lines().get(0);
        assertThat(wave.x()).hasSize(2000).startsWith(1.0);
        Path file = folder.resolve("report.html");
        Report.write(file, "t", List.of(made));
        assertThat(Files.readString(file))
                .contains("<td>lost frames</td><td>3</td><td>4</td><td>gaps</td>")
                .doesNotContain("NaN");
    }

    private static Exhibit exhibit(ReportPage page, int section, int exhibit) {
        return page.sections().get(section).exhibits().get(exhibit);
    }

    private static int loudestRow(HeatMap map) {
        int loudest = 0;
        for (int row = 0; row < map.values().length; row++) {
            if (map.values()[row][20] > map.values()[loudest][20]) {
                loudest = row;
            }
        }
        return loudest;
    }

    private static int indexOfPeak(Line line) {
        int peak = 0;
        for (int i = 0; i < line.y().length; i++) {
            if (line.y()[i] > line.y()[peak]) {
                peak = i;
            }
        }
        return peak;
    }

    private static double frequencyOfPeak(Line line) {
        return line.x()[indexOfPeak(line)];
    }

    private static double peak(Line line) {
        return line.y()[indexOfPeak(line)];
    }

    /** Four seconds, or four samples of a slow one. */
    private static Series sine(String channel, int rate, double hertz, double amplitude) {
        float[] values = new float[4 * rate];
        for (int n = 0; n < values.length; n++) {
            values[n] = (float) (amplitude * Math.sin(2 * Math.PI * hertz * n / rate));
        }
        return new Series(List.of(channel), 0, SampleRate.ofHertz(rate), new float[][] {values});
    }
}
