/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.schemas.AdaptationEvent;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Examples;
import io.thalamus.schemas.WireRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonLinesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<WireRecord> examples() {
        return Examples.ALL;
    }

    private static String line(WireRecord record) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new JsonLines<>().encode(record, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aForecastReadsWell() throws IOException {
        assertThat(line(Examples.FORECAST))
                .isEqualTo(
                        "{\"type\":\"Forecast\",\"streamId\":\"transformer-1\",\"sequence\":17516,\"segment\":3,\"start\":\"2016-07-05T00:00:00Z\",\"startNanos\":1467676800000000000,\"rate\":{\"numerator\":1,\"denominator\":3600},\"channels\":[\"load\",\"oil\"],\"values\":[[1.5,0.1],[-2.25,3.0E10]],\"model\":\"timesnet\"}\n");
    }

    @Test
    void aFrameHasOneArrayAChannelAndNullForWhatIsMissing() throws IOException {
        JsonNode frame = JSON.readTree(line(Examples.FRAME));
        assertThat(frame.get("start").textValue()).isEqualTo("2016-07-01T00:00:00.000000001Z");
        assertThat(frame.get("samples")).hasSize(2);
        assertThat(frame.get("samples").get(0).get(0).floatValue()).isEqualTo(5.827f);
        assertThat(frame.get("samples").get(0).get(1).isNull()).isTrue();
        assertThat(frame.get("samples").get(1).get(2).floatValue()).isEqualTo(30.531f);
        assertThat(frame.get("channels").get(1).textValue()).isEqualTo("öl °C");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyRecordIsOneLineThatNamesEveryComponent(WireRecord record) throws IOException {
        String line = line(record);
        assertThat(line).endsWith("}\n").doesNotContain("\n{");
        assertThat(line(record)).isEqualTo(line);
        JsonNode json = JSON.readTree(line);
        assertThat(json.get("type").textValue()).isEqualTo(record.getClass().getSimpleName());
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            assertThat(json.has(component.getName())).as(component.getName()).isTrue();
            if (component.getType() == String.class) {
                assertThat(json.get(component.getName()).textValue())
                        .isEqualTo(value(component, record));
            } else if (component.getType() == long.class || component.getType() == int.class) {
                assertThat(json.get(component.getName()).longValue())
                        .isEqualTo(((Number) value(component, record)).longValue());
            } else if (component.getType() == double.class) {
                assertThat(json.get(component.getName()).doubleValue())
                        .isEqualTo(value(component, record));
            } else if (component.getType().isEnum()) {
                assertThat(json.get(component.getName()).textValue())
                        .isEqualTo(value(component, record).toString());
            }
        }
    }

    @Test
    void aDeadLetterShowsItsTextIfItIsText() throws IOException {
        DeadLetter text = refused("2016-07-01;x\"".getBytes(StandardCharsets.UTF_8));
        assertThat(JSON.readTree(line(text)).get("text").textValue()).isEqualTo("2016-07-01;x\"");
        assertThat(JSON.readTree(line(text)).get("payload").binaryValue())
                .isEqualTo(text.payload());
        assertThat(JSON.readTree(line(text)).get("time").isNull()).isTrue();
        byte[] binary = {(byte) 0xC3, 1, (byte) 0xFF};
        JsonNode letter = JSON.readTree(line(refused(binary)));
        assertThat(letter.has("text")).isFalse();
        assertThat(letter.get("payload").binaryValue()).isEqualTo(binary);
    }

    @Test
    void numbersThatJsonHasNoWordForStayJson() throws IOException {
        AnomalyEvent event =
                new AnomalyEvent(
                        "s", 0, 1, 0, Float.POSITIVE_INFINITY, Float.NaN, List.of(), "model");
        JsonNode json = JSON.readTree(line(event));
        assertThat(json.get("peak").textValue()).isEqualTo("Infinity");
        assertThat(json.get("threshold").isNull()).isTrue();
        assertThat(json.get("end").isNull()).isTrue();
        AdaptationEvent adaptation =
                new AdaptationEvent("s", 0, AdaptationEvent.Kind.DRIFT, Double.NaN, "", "model");
        assertThat(JSON.readTree(line(adaptation)).get("level").isNull()).isTrue();
    }

    @Property
    void everyValueReadsBackAsTheSameBits(@ForAll int bits) throws IOException {
        float value = Float.intBitsToFloat(bits);
        JsonNode read =
                JSON.readTree(line(Examples.FORECAST.withValues(new float[] {value, 0f})))
                        .get("values")
                        .get(0)
                        .get(0);
        if (Float.isNaN(value)) {
            assertThat(read.isNull()).isTrue();
        } else {
            assertThat(Float.floatToRawIntBits(Float.parseFloat(read.asText()))).isEqualTo(bits);
        }
    }

    private static DeadLetter refused(byte[] payload) {
        return new DeadLetter("load.csv", 0, 12, 0, "source", "ragged row", "why", payload);
    }

    private static Object value(RecordComponent component, WireRecord record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
