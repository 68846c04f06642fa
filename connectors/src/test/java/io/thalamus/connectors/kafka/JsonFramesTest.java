/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.Received;
import io.thalamus.connectors.recording.TimeFormat;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFramesTest {
    private static final SampleRate RATE = SampleRate.ofHertz(2);
    private static final StreamHeader HEADER =
            new StreamHeader(null, RATE, List.of("temp", "humidity"));
    private static final JsonFrames FORMAT =
            new JsonFrames(HEADER, List.of("/v/t", "/v/h"), "/at", TimeFormat.iso(), "/n");

    private static Received receive(JsonFrames format, String json) throws IOException {
        return Records.receive(format, Records.of("s", 5, json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void picksWhatThePointersSay() throws IOException {
        SignalFrame frame =
                receive(
                                FORMAT,
                                "{\"n\":40,\"at\":\"1970-01-01T00:00:02Z\",\"v\":{\"t\":[1.5,null],\"h\":[40,41]},\"x\":1}")
                        .frame();
        assertThat(frame)
                .isEqualTo(
                        new SignalFrame(
                                "s",
                                40,
                                0,
                                2_000_000_000L,
                                RATE,
                                List.of("temp", "humidity"),
                                new float[] {1.5f, Float.NaN, 40, 41},
                                Quality.MISSING.bit()));
    }

    @Test
    void takesTheRecordsTimeAndOneNumberAChannel() throws IOException {
        JsonFrames format =
                new JsonFrames(HEADER, List.of("/t", "/h"), null, TimeFormat.iso(), null);
        SignalFrame frame = receive(format, "{\"t\": 1e1}").frame();
        assertThat(frame.samples()).containsExactly(10, Float.NaN);
        assertThat(frame.startNanos()).isEqualTo(5_000_000);
        assertThat(format.isNumbered()).isFalse();
        assertThat(FORMAT.isNumbered()).isTrue();
    }

    @Test
    void timesMayBeNumbers() throws IOException {
        JsonFrames format =
                new JsonFrames(
                        HEADER,
                        List.of("/t", "/h"),
                        "/at",
                        new TimeFormat(TimeFormat.EPOCH_SECONDS, java.time.ZoneOffset.UTC),
                        null);
        assertThat(
                        receive(format, "{\"t\":1,\"h\":2,\"at\":1700000000.123456789}")
                                .frame()
                                .startNanos())
                .isEqualTo(1_700_000_000_123_456_789L);
        assertThat(receive(format, "{\"t\":1,\"at\":1.5e3}").frame().startNanos())
                .isEqualTo(1_500_000_000_000L);
        assertThat(receive(format, "{\"t\":1,\"at\":1e999999999}").deadLetter().reason())
                .contains("is no time");
    }

    @Test
    void anEncodingThatIsNoneIsADeadLetter() throws IOException {
        byte[] oddUtf32 = {0, 0, '[', 0};
        assertThat(Records.receive(FORMAT, Records.of("s", 0, oddUtf32)).deadLetter().error())
                .isEqualTo("NOT_A_RECORD");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nothing | NOT_A_RECORD | is no JSON",
                "3 | NOT_A_RECORD | no JSON object",
                "{} {} | NOT_A_RECORD | is no JSON",
                "{\"n\":1,\"at\":\"2020-01-01\",\"v\":{}} | CORRUPT | no value at any of [/v/t,"
                        + " /v/h]",
                "{\"n\":1,\"at\":\"2020-01-01\",\"v\":{\"t\":[1],\"h\":[1,2]}} | INCONSISTENT | 2"
                        + " values at /v/h",
                "{\"n\":1,\"at\":\"2020-01-01\",\"v\":{\"t\":[],\"h\":[]}} | INCONSISTENT | 0"
                        + " values at /v/t",
                "{\"n\":1,\"at\":\"2020-01-01\",\"v\":{\"t\":\"x\",\"h\":1}} | CORRUPT | at /v/t is"
                        + " no number",
                "{\"n\":1,\"at\":\"soon\",\"v\":{\"t\":1,\"h\":1}} | CORRUPT | 'soon' at /at is no"
                        + " time",
                "{\"n\":1,\"v\":{\"t\":1,\"h\":1}} | CORRUPT | no time at /at",
                "{\"n\":1.5,\"at\":\"2020-01-01\",\"v\":{\"t\":1,\"h\":1}} | CORRUPT | no whole"
                        + " number at /n"
            })
    void whatCannotBeReadIsADeadLetter(String json, String error, String words) throws IOException {
        DeadLetter letter = receive(FORMAT, json).deadLetter();
        assertThat(letter.error()).isEqualTo(error);
        assertThat(letter.reason()).contains(words);
        assertThat(new String(letter.payload(), StandardCharsets.UTF_8)).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "[]", "{}", "null", "\"\""})
    void tooManyValuesAreRefusedBeforeTheyAreHeld(String value) throws IOException {
        // What is wrong further on would be told if the record were read whole.
        String json = "[" + (value + ",").repeat(JsonFrames.MAX_VALUES) + "nothing";
        DeadLetter letter = receive(FORMAT, json).deadLetter();
        assertThat(letter.error()).isEqualTo("TOO_LARGE");
        assertThat(letter.reason())
                .isEqualTo(
                        "the record has more than 1049600 values, and a frame at most 1048576:"
                                + " send shorter frames");
    }

    @Test
    void takesTheLargestFrame() throws IOException {
        int length = Received.MAX_FRAME_VALUES / 2;
        String list = "[" + "1,".repeat(length - 1) + "1]";
        String json =
                "{\"n\":1,\"at\":\"2020-01-01\",\"v\":{\"t\":%s,\"h\":%s}}".formatted(list, list);
        assertThat(receive(FORMAT, json).frame().samples()).hasSize(Received.MAX_FRAME_VALUES);
    }

    @Property
    void noBytesFailTheJob(@ForAll byte[] bytes) throws IOException {
        assertThat(Records.receive(FORMAT, Records.of("s", 0, bytes)).deadLetter().payload())
                .isEqualTo(bytes);
    }

    @Test
    void refusesWhatIsNoPointer() {
        assertThatThrownBy(
                        () ->
                                new JsonFrames(
                                        HEADER, List.of("t", "/h"), null, TimeFormat.iso(), null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'t' is no JSON pointer");
        assertThatThrownBy(
                        () -> new JsonFrames(HEADER, List.of("/t"), null, TimeFormat.iso(), null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("2 channels and pointers to the values of 1");
    }
}
