/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Examples;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Schemas;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import io.thalamus.schemas.WireFormatException;
import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrySchemaCoderTest {
    private RegistryServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RegistryServer();
        server.register("other-value", "\"string\""); // so that ids are not zero
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RegistryAccess access(Map<String, String> properties) {
        return new RegistryAccess(server.url(), properties);
    }

    private byte[] written(WireRecord record, Map<String, String> properties) {
        RecordSerializer<WireRecord> serializer =
                new RecordSerializer<>("frames", access(properties));
        serializer.open(null, null);
        serializer.serialize(record, null, null);
        return serializer.serialize(record, null, null).value();
    }

    private Received read(byte[] value) throws IOException {
        return Records.receive(new ConfluentFrames(access(Map.of())), Records.of("k", 0, value));
    }

    @Test
    void writesConfluentsWireFormatAndReadsItAgain() throws IOException {
        byte[] value = written(Examples.FRAME, Map.of());

        assertThat(Arrays.copyOf(value, 5)).containsExactly(0, 0, 0, 0, 1);
        assertThat(Arrays.copyOfRange(value, 5, value.length))
                .as("what follows is the body of the single-object encoding")
                .isEqualTo(
                        Arrays.copyOfRange(
                                WireFormat.encode(Examples.FRAME), 10, value.length + 5));
        assertThat(server.requests)
                .as("the registry is asked once")
                .containsExactly("POST /subjects/frames-value/versions null");
        assertThat(read(value)).isEqualTo(Received.frame(Examples.FRAME));
        assertThat(server.requests).last().isEqualTo("GET /schemas/ids/1 null");
    }

    @Test
    void certificatesThatAreNotThereAreTold() {
        assertThatThrownBy(
                        () ->
                                written(
                                        Examples.FRAME,
                                        Map.of("ssl.truststore.location", "/none/trust.p12")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("certificates cannot be used: ")
                .hasMessageContaining("/none/trust.p12");
    }

    @Test
    void looksUpOnlyWhereItMustNotRegister() {
        Map<String, String> lookUp = Map.of("auto.register.schemas", "false");
        assertThatThrownBy(() -> written(Examples.FRAME, lookUp))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(
                        "has not (register it, or set auto.register.schemas)"
                            + " io.thalamus.schemas.SignalFrame under the subject frames-value");
        int id = server.register("frames-value", Schemas.current(SignalFrame.class).toString());
        assertThat(ByteBuffer.wrap(written(Examples.FRAME, lookUp)).getInt(1)).isEqualTo(id);
    }

    @Test
    void readsFieldsThatALaterSchemaAddsByAvrosRules() throws IOException {
        String later =
                Schemas.current(SignalFrame.class)
                        .toString()
                        .replaceFirst(
                                "\\{\"name\":\"sequence\"",
                                "{\"name\":\"added\",\"type\":\"int\"},{\"name\":\"sequence\"");
        int id = server.register("frames-value", later);
        byte[] value = written(Examples.FRAME, Map.of());
        ByteBuffer changed = ByteBuffer.allocate(value.length + 1);
        int streamId = 1 + Examples.FRAME.streamId().length();
        changed.put((byte) 0).putInt(id).put(value, 5, streamId).put((byte) 84);
        changed.put(value, 5 + streamId, value.length - 5 - streamId);
        assertThat(read(changed.array())).isEqualTo(Received.frame(Examples.FRAME));
    }

    @Test
    void whatIsNoFrameIsADeadLetter() throws IOException {
        byte[] frame = written(Examples.FRAME, Map.of());
        letter(new byte[] {0, 0, 0, 0, 77, 1, 2}, "UNKNOWN_SCHEMA", "knows no schema 77");
        letter(new byte[] {0, 0, 0, 0, 0, 2}, "WRONG_TYPE", "cannot be read as SignalFrame");
        letter(new byte[] {0, 0, 0, 0}, "NOT_A_RECORD", "not in Confluent's wire format");
        letter(null, "NOT_A_RECORD", "not in Confluent's wire format");
        letter(WireFormat.encode(Examples.FRAME), "NOT_A_RECORD", "not in Confluent's");
        letter(Arrays.copyOf(frame, frame.length - 1), "CORRUPT", "cut off");
        letter(Arrays.copyOf(frame, frame.length + 1), "CORRUPT", "do not belong to it");
        letter(written(Examples.FORECAST, Map.of()), "WRONG_TYPE", "written as io.thalamus");
    }

    private void letter(byte[] value, String error, String words) throws IOException {
        DeadLetter letter = read(value).deadLetter();
        assertThat(letter.error()).isEqualTo(error);
        assertThat(letter.reason()).contains(words);
        assertThat(letter.payload()).isEqualTo(value == null ? new byte[0] : value);
    }

    @ParameterizedTest
    @CsvSource({
        "409, finds an earlier schema incompatible with io.thalamus.schemas.SignalFrame",
        "422, takes for no valid schema io.thalamus.schemas.SignalFrame",
        "401, does not take",
        "500, status 500"
    })
    void aRegistryThatDoesNotTakeASchemaFailsTheTask(int status, String words) {
        server.failing = status;
        assertThatThrownBy(() -> written(Examples.FRAME, Map.of()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("the schema registry at " + server.url())
                .hasMessageContaining(words);
    }

    @Test
    void aRegistryThatDoesNotAnswerFailsTheTaskAndLosesNoRecord() {
        server.failing = 500;
        assertThatThrownBy(() -> read(new byte[] {0, 0, 0, 0, 1, 2}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not give schema 1: status 500");
        server.close();
        assertThatThrownBy(() -> read(new byte[] {0, 0, 0, 0, 1, 2}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not answer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<html>not found</html>",
                "``",
                "{\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}"
            })
    void aServerThatIsNoRegistryFailsTheTaskAndLosesNoRecord(String body) {
        server.failing = 404;
        server.body = body;
        String words =
                "there is no schema registry at %s, for %s%s has status 404: correct registry.url";
        assertThatThrownBy(() -> read(new byte[] {0, 0, 0, 0, 77, 2}))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(WireFormatException.class)
                .hasMessage(words.formatted(server.url(), server.url(), "/schemas/ids/77"));
        assertThatThrownBy(() -> written(Examples.FRAME, Map.of("auto.register.schemas", "false")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("correct registry.url");
    }

    @Test
    void onlyTheCodeForSchemasMakesADeadLetter() {
        server.failing = 404; // with 40401, the code for subjects
        assertThatThrownBy(() -> read(new byte[] {0, 0, 0, 0, 77, 2}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not give schema 77: status 404");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void doesNotCarryTheLoginToWhereItIsRedirected(int status) throws IOException {
        try (RegistryServer target = new RegistryServer()) {
            server.failing = status;
            server.redirect = target.url();
            assertThatThrownBy(
                            () ->
                                    written(
                                            Examples.FRAME,
                                            Map.of("basic.auth.user.info", "user:pass")))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage(
                            "the schema registry at %s redirects to %s/subjects/frames-value/versions,"
                                            .formatted(server.url(), target.url())
                                    + " which is not followed, lest the login be sent there: name"
                                    + " the final address in registry.url");
            assertThat(server.requests).isNotEmpty();
            assertThat(target.requests).isEmpty();
        }
    }

    @Test
    void anAnswerThatIsTooLargeForASchemaFailsTheTask() {
        server.failing = 200;
        server.body = "{\"schema\": \"\\\"string\\\"\"}".concat(" ".repeat(4 << 20));
        assertThatThrownBy(() -> read(new byte[] {0, 0, 0, 0, 1, 2}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("answers with more than 4194304 bytes")
                .hasMessageContaining("correct registry.url");
    }

    @Test
    void authorizesWithSecretsThatAreNamed(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("login"), "user:pass");
        String secret = "${directory:" + folder + ":login}";
        written(Examples.FRAME, Map.of("basic.auth.user.info", secret));
        assertThat(server.requests)
                .last()
                .asString()
                .endsWith(
                        " Basic "
                                + Base64.getEncoder()
                                        .encodeToString(
                                                "user:pass".getBytes(StandardCharsets.UTF_8)));
        Files.writeString(folder.resolve("all.properties"), "token=t0k3n\n");
        written(
                Examples.FRAME,
                Map.of("bearer.auth.token", "${file:" + folder + "/all.properties:token}"));
        assertThat(server.requests).last().asString().endsWith(" Bearer t0k3n");
        assertThatThrownBy(
                        () ->
                                written(
                                        Examples.FRAME,
                                        Map.of("bearer.auth.token", "${env:NO_SUCH_VARIABLE}")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "the environment of this process has no NO_SUCH_VARIABLE, which a property"
                                + " names as its secret");
    }

    @Test
    void refusesAnImpossibleAddressAndKeepsItsPropertiesToItself() {
        assertThatThrownBy(() -> new RegistryAccess(URI.create("registry:8081"), Map.of()))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new RegistryAccess(URI.create("http://u:p@r"), Map.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageNotContaining("u:p");
        assertThat(access(Map.of("bearer.auth.token", "t0k3n")).toString()).doesNotContain("t0k3n");
    }

    @Test
    void anUnreadableSchemaIsADeadLetter() throws IOException {
        int id = server.register("x-value", "{\"type\":\"wrecord\"}");
        letter(new byte[] {0, 0, 0, 0, (byte) id, 1}, "UNKNOWN_SCHEMA", "cannot be read");
    }
}
