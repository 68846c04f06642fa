/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.jobs.report.ReportPage.Figure;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {
    private static final SampleRate HOURLY = SampleRate.ofPeriod(Duration.ofHours(1));

    @TempDir private Path folder;

    @Test
    void isOneFileThatNeedsNothingElse() throws Exception {
        Path file = folder.resolve("new/report.html");

        Report.write(file, "a < b", List.of(page("One"), page("Two & more")));

        String html = Files.readString(file);
        assertThat(html)
                .contains(
                        "a &lt; b", "href=\"#two-more\"", "id=\"two-more\"", "prefers-color-scheme")
                .doesNotContain("http://", "https://", "<script", "<link", "src=", "NaN");
    }

    @Test
    void drawsLinesWithGapsWhereValuesAreMissing() throws Exception {
        LineChart chart =
                new LineChart(
                        "t",
                        Axis.NUMBER,
                        "s",
                        300,
                        100,
                        true,
                        List.of(new LineChart.Band(2, 4)),
                        List.of(
                                new Line(
                                        "y",
                                        Line.Role.MODEL,
                                        new double[] {0, 1, 2, 3, 4},
                                        new double[] {1, 2, Double.NaN, 4, 5})));

        Document svg = parse(chart.html());

        assertThat(svg.getElementsByTagName("rect").getLength()).isEqualTo(1);
        assertThat(chart.html())
                .containsPattern("class=\"line model\" d=\"M[^ML]+L[^ML]+M[^ML]+L[^ML]+\"");
    }

    @Test
    void drawsAValueBetweenMissingOnesAsADot() {
        double nan = Double.NaN;
        double[] x = {0, 1, 2, 3, 4, 5};
        double[] y = {nan, 2, nan, 4, 5, nan};
        Line line = new Line("y", Line.Role.MEASURED, x, y);

        String html =
                new LineChart("t", Axis.NUMBER, "", 300, 100, true, List.of(), List.of(line))
                        .html();

        assertThat(html).containsPattern("d=\"M[^MLh]+h0M[^MLh]+L[^MLh]+\"");
    }

    @Test
    void drawsAHeatMapAsAnImageWithTheLowestRowBelow() throws Exception {
        HeatMap map =
                new HeatMap(
                        "t",
                        new HeatMap.Range(0, 2, "s"),
                        new HeatMap.Range(0, 100, "Hz"),
                        new HeatMap.Range(-10, 10, "dB"),
                        new double[][] {{-10, 10, Double.NaN}, {-99, 99, 0}},
                        300,
                        120);

        Document svg = parse(map.html());

        String data =
                svg.getElementsByTagName("image")
                        .item(0)
                        .getAttributes()
                        .getNamedItem("href")
                        .getNodeValue();
        byte[] png = Base64.getDecoder().decode(data.substring(data.indexOf(',') + 1));
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(image.getWidth()).isEqualTo(3);
        assertThat(image.getHeight()).isEqualTo(2);
        int lowest = 0xff440154;
        int highest = 0xfffde725;
        assertThat(image.getRGB(0, 1)).isEqualTo(lowest);
        assertThat(image.getRGB(1, 1)).isEqualTo(highest);
        assertThat(image.getRGB(2, 1)).isZero();
        assertThat(image.getRGB(0, 0)).isEqualTo(lowest);
        assertThat(image.getRGB(1, 0)).isEqualTo(highest);
        assertThat(image.getRGB(2, 0)).isEqualTo(0xff23908c);
        assertThat(map.html()).contains(">0 s<", ">Hz<", ">dB<", ">100<");
    }

    @Test
    void tabulates() throws Exception {
        Table table = new Table(List.of("fault", "n"), List.of(List.of("a < b", "3")));

        assertThat(parse(table.html()).getElementsByTagName("td").item(0).getTextContent())
                .isEqualTo("a < b");
        assertThatThrownBy(() -> new Table(List.of("a"), List.of(List.of("1", "2"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void dividesAxesAtRoundPlaces() {
        assertThat(Axis.NUMBER.ticks(-0.31, 1.02, 5))
                .extracting(Axis.Tick::label)
                .containsExactly("0.0", "0.5", "1.0");
        assertThat(Axis.NUMBER.ticks(0, 4321, 5))
                .extracting(Axis.Tick::label)
                .containsExactly("0", "1,000", "2,000", "3,000", "4,000");
        double day = 86_400;
        assertThat(Axis.TIME.ticks(0, 4 * day, 4))
                .extracting(Axis.Tick::label)
                .containsExactly("1 Jan", "2 Jan", "3 Jan", "4 Jan", "5 Jan");
        assertThat(Axis.TIME.ticks(0, day / 4, 3))
                .extracting(Axis.Tick::label)
                .containsExactly("1 Jan 00:00", "1 Jan 03:00", "1 Jan 06:00");
        assertThat(Axis.NUMBER.ticks(-8, 9.9, 2))
                .extracting(Axis.Tick::label)
                .containsExactly("-5", "0", "5");
        assertThat(Axis.TIME.ticks(10 * day, 180 * day, 6))
                .extracting(Axis.Tick::label)
                .containsExactly("Feb 1970", "Mar 1970", "Apr 1970", "May 1970", "Jun 1970");
        assertThat(Axis.TIME.ticks(-day, 730 * day, 6))
                .extracting(Axis.Tick::label)
                .containsExactly("Jan 1970", "Jul 1970", "Jan 1971", "Jul 1971", "Jan 1972");
    }

    private static Document parse(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml)));
    }

    /** Two days of a constant series with a lost hour, and forecasts that are one too high. */
    private static ReportPage page(String title) throws IOException {
        List<SignalFrame> frames = new ArrayList<>();
        frames.add(frame(0, 20));
        frames.add(frame(21, 27));
        List<Forecast> forecasts = new ArrayList<>();
        for (int sequence = 24; sequence < 48; sequence += 6) {
            float[] values = new float[6];
            Arrays.fill(values, 4);
            forecasts.add(new Forecast("s", sequence, 0, 0, HOURLY, List.of("c"), values, "model"));
        }
        ForecastPage page =
                new ForecastPage(
                        Series.of(frames),
                        forecasts,
                        new double[] {2},
                        Map.of(1.0, 10.0, 2.0, 20.0));
        ReportPage made = page.page(title, "intro", List.of(new Figure("windows", "4")));
        Line error = lines(made, 2).get(1);
        assertThat(error.x()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(error.y()).containsOnly(0.5);
        assertThat(lines(made, 0).get(0).y()[20]).isNaN();
        return made;
    }

    private static List<Line> lines(ReportPage page, int section) {
        return ((LineChart) page.sections().get(section).exhibits().get(0)).lines();
    }

    private static SignalFrame frame(long sequence, int length) {
        float[] samples = new float[length];
        Arrays.fill(samples, 3);
        return new SignalFrame("s", sequence, 0, 0, HOURLY, List.of("c"), samples, 0);
    }
}
