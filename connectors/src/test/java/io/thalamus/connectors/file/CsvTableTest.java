/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Examples;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.ForecastError;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CsvTableTest {

    @Test
    void aForecastIsOneRowASample() {
        CsvTable table = CsvTable.of(Forecast.class);
        assertThat(table.header(Examples.FORECAST.channels()))
                .isEqualTo("stream,model,segment,first,sequence,time,load,oil\n");
        assertThat(table.rows(Examples.FORECAST))
                .isEqualTo(
                        """
transformer-1,timesnet,3,2016-07-05T00:00:00Z,17516,2016-07-05T00:00:00Z,1.5,-2.25
transformer-1,timesnet,3,2016-07-05T00:00:00Z,17517,2016-07-05T01:00:00Z,0.1,3.0E10
""");
    }

    @Test
    void aFrameIsOneRowASampleWithEmptyCellsForWhatIsMissing() {
        CsvTable table = CsvTable.of(SignalFrame.class);
        assertThat(table.header(Examples.FRAME.channels()))
                .isEqualTo("stream,segment,sequence,time,quality,load,öl °C\n");
        assertThat(table.rows(Examples.FRAME))
                .isEqualTo(
                        """
                        transformer-1,3,17420,2016-07-01T00:00:00.000000001Z,1,5.827,1.0E-38
                        transformer-1,3,17421,2016-07-01T01:00:00.000000001Z,1,,3.4028235E38
                        transformer-1,3,17422,2016-07-01T02:00:00.000000001Z,1,-0.0,30.531
                        """);
    }

    @Test
    void aClassificationIsOneRowWithTheProbabilityOfEachClass() {
        CsvTable table = CsvTable.of(Classification.class);
        Classification classification =
                new Classification(
                        "pump",
                        512,
                        3,
                        1_467_331_200_000_000_000L,
                        1_467_331_200_500_000_000L,
                        "idle, cold",
                        List.of("idle, cold", "running"),
                        new float[] {0.75f, 0.25f},
                        "machines");
        assertThat(table.header(table.channels(classification)))
                .isEqualTo(
                        "stream,model,segment,sequence,start,end,label,\"idle, cold\",running\n");
        assertThat(table.rows(classification))
                .isEqualTo(
                        "pump,machines,3,512,2016-07-01T00:00:00Z,2016-07-01T00:00:00.500Z,"
                                + "\"idle, cold\",0.75,0.25\n");
    }

    @Test
    void anAnnotationIsOneRow() {
        CsvTable table = CsvTable.of(Annotation.class);
        Annotation annotation =
                new Annotation("s", 1_467_331_200_000_000_001L, 1_500_000_000L, "a, b");
        assertThat(table.header(table.channels(annotation))).isEqualTo("stream,onset,end,text\n");
        assertThat(table.rows(annotation))
                .isEqualTo(
                        "s,2016-07-01T00:00:00.000000001Z,2016-07-01T00:00:01.500000001Z,"
                                + "\"a, b\"\n");
    }

    @Test
    void aForecastErrorIsOneRow() {
        CsvTable table = CsvTable.of(ForecastError.class);
        ForecastError error =
                new ForecastError(
                        "s", 96, 1, 1_467_331_200_000_000_000L, 0.5, 0.1, 7, 2, 1e-9, "m");
        assertThat(table.header(table.channels(error)))
                .isEqualTo(
                        "stream,model,segment,sequence,time,mse,mae,forecasts,rolling-mse,"
                                + "rolling-mae\n");
        assertThat(table.rows(error))
                .isEqualTo("s,m,1,96,2016-07-01T00:00:00Z,0.5,0.1,7,2.0,1.0E-9\n");
    }

    @Test
    void aScoreIsOneRowASample() {
        CsvTable table = CsvTable.of(AnomalyScore.class);
        AnomalyScore score =
                new AnomalyScore(
                        "pump",
                        5,
                        1,
                        1_000_000_007L,
                        SampleRate.ofHertz(250),
                        List.of("x", "y"),
                        new float[] {2, 3},
                        new float[] {1, 2, 3, 4},
                        "m");
        assertThat(table.header(table.channels(score)))
                .isEqualTo("stream,model,segment,sequence,time,joint,x,y\n");
        assertThat(table.rows(score))
                .isEqualTo(
                        """
                        pump,m,1,5,1970-01-01T00:00:01.000000007Z,2.0,1.0,3.0
                        pump,m,1,6,1970-01-01T00:00:01.004000007Z,3.0,2.0,4.0
                        """);
    }

    @Test
    void anEventIsOneRowWithAnEmptyCellWhileItLasts() {
        CsvTable table = CsvTable.of(AnomalyEvent.class);
        AnomalyEvent event =
                new AnomalyEvent("s", 2, 1_000_000_000L, 0, 4.5f, 1, List.of("b", "a"), "m");
        assertThat(table.header(table.channels(event)))
                .isEqualTo("stream,model,segment,start,end,peak,threshold,channels\n");
        assertThat(table.rows(event)).isEqualTo("s,m,2,1970-01-01T00:00:01Z,,4.5,1.0,b a\n");
        AnomalyEvent over =
                new AnomalyEvent("s", 2, 1_000_000_000L, 3_500_000_000L, 5, 1, List.of("a"), "m");
        assertThat(table.rows(over))
                .isEqualTo("s,m,2,1970-01-01T00:00:01Z,1970-01-01T00:00:03.500Z,5.0,1.0,a\n");
    }

    @Test
    void quotesWhatWouldBreakARow() {
        CsvTable table = CsvTable.of(SignalFrame.class);
        assertThat(table.header(List.of("a,b", "say \"x\"", "two\nlines")))
                .isEqualTo(
                        "stream,segment,sequence,time,quality,\"a,b\",\"say \"\"x\"\"\","
                                + "\"two\nlines\"\n");
    }

    @Test
    void refusesATypeWithoutRows() {
        assertThatThrownBy(() -> CsvTable.of(DeadLetter.class))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "CSV files hold records of type Forecast, ForecastError, SignalFrame,"
                                + " AnomalyScore, AnomalyEvent, Classification or Annotation, not"
                                + " DeadLetter: write JSON lines"
                                + " instead");
    }

    @Property
    void everyValueReadsBackAsTheSameBits(@ForAll int bits) {
        float value = Float.intBitsToFloat(bits);
        Forecast forecast = Examples.FORECAST.withValues(new float[] {value, 7f});
        String row = CsvTable.FORECAST.rows(forecast);
        String cell = row.split(",")[6];
        if (Float.isNaN(value)) {
            assertThat(cell).isEmpty();
        } else {
            assertThat(Float.floatToRawIntBits(Float.parseFloat(cell))).isEqualTo(bits);
        }
    }
}
