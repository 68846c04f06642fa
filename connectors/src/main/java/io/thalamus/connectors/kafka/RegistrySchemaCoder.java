/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static io.thalamus.schemas.WireFormatException.Fault.NOT_A_RECORD;
import static io.thalamus.schemas.WireFormatException.Fault.UNKNOWN_SCHEMA;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.schemas.WireFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.flink.formats.avro.SchemaCoder;

/**
 * Confluent's wire format: a zero byte, the id of the schema in a registry (4 bytes, big-endian),
 * and Avro's binary form. The registry is asked over its HTTP interface, which Apicurio's registry
 * serves too, once for each schema: an id never changes its meaning.
 *
 * <p>A registry that does not answer, or refuses the caller, fails the call, and with it the task;
 * whether it is tried again is for the job's restart strategy to say. An id that the registry does
 * not know is a fault of the record, if the registry itself says so: a status 404 alone may come
 * from a proxy, or from another service at a wrong address, and then the records are sound.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Schema
 *     Registry API</a>
 */
final class RegistrySchemaCoder implements SchemaCoder {
    /** Bytes before the record. */
    static final int HEADER = 1 + Integer.BYTES;

    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

    /** The registry's error code for an id that it does not know. */
    private static final int SCHEMA_NOT_FOUND = 40403;

    /** Far above any schema; what is larger does not come from a registry. */
    private static final int MAX_ANSWER_BYTES = 4 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegistryAccess registry;
    private final Optional<String> authorization;
    private final String subject;
    private final HttpClient client;
    private final Map<Integer, Schema> schemas = new HashMap<>();
    private final Map<Schema, Integer> ids = new HashMap<>();

    /**
     * @param topic the topic that is written: its schemas are registered under {@code
     *     <topic>-value}. Without meaning for one that only reads
     */
    RegistrySchemaCoder(RegistryAccess registry, String topic) {
        this.registry = registry;
        Map<String, String> properties = Secrets.resolved(registry.properties());
        this.authorization = authorization(properties);
        // A redirect's target would be sent the login, whoever it is.
        this.client =
                HttpClient.newBuilder()
                        .sslContext(Stores.context(properties))
                        .connectTimeout(PATIENCE)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
        this.subject = topic + "-value";
    }

    /**
     * The schema of the record that follows.
     *
     * @throws WireFormatException if these are no such bytes, or the registry knows no such schema
     * @throws IOException if the registry cannot be asked
     */
    @Override
    public Schema readSchema(InputStream in) throws IOException {
        byte[] header = in.readNBytes(HEADER);
        if (header.length < HEADER || header[0] != 0) {
            throw new WireFormatException(
                    NOT_A_RECORD,
                    "the record does not start with a zero byte and the id of a schema, so it is"
                            + " not in Confluent's wire format");
        }
        int id = ByteBuffer.wrap(header).getInt(1);
        Schema schema = schemas.get(id);
        if (schema == null) {
            schema = fetch(id);
            schemas.put(id, schema);
        }
        return schema;
    }

    /**
     * Writes what comes before a record of the schema.
     *
     * @throws IOException if the registry cannot be asked, or does not take the schema
     */
    @Override
    public void writeSchema(Schema schema, OutputStream out) throws IOException {
        Integer id = ids.get(schema);
        if (id == null) {
            id = register(schema);
            ids.put(schema, id);
        }
        out.write(ByteBuffer.allocate(HEADER).putInt(1, id).array());
    }

    private Schema fetch(int id) throws IOException {
        Answer response = send("/schemas/ids/" + id, HttpRequest.Builder::GET);
        if (response.status() == 404 && errorCode(response) == SCHEMA_NOT_FOUND) {
            throw new WireFormatException(
                    UNKNOWN_SCHEMA,
                    "the registry at %s knows no schema %d".formatted(registry.url(), id));
        }
        JsonNode answer = answer(response, "does not give schema " + id);
        if (!answer.path("schemaType").asText("AVRO").equals("AVRO")) {
            throw new WireFormatException(
                    UNKNOWN_SCHEMA,
                    "schema %d of the registry at %s is of the type %s, not AVRO"
                            .formatted(id, registry.url(), answer.path("schemaType").asText()));
        }
        try {
            return new Schema.Parser().parse(answer.path("schema").asText());
        } catch (AvroRuntimeException e) {
            throw new WireFormatException(
                    UNKNOWN_SCHEMA,
                    "schema %d of the registry at %s cannot be read: %s"
                            .formatted(id, registry.url(), e.getMessage()));
        }
    }

    private int register(Schema schema) throws IOException {
        String body = JSON.writeValueAsString(Map.of("schema", schema.toString()));
        String name = URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
        Answer response =
                send(
                        "/subjects/" + name + (registry.registers() ? "/versions" : ""),
                        request -> request.POST(BodyPublishers.ofString(body)));
        JsonNode id =
                answer(
                                response,
                                "%s %s under the subject %s"
                                        .formatted(
                                                objection(response.status()),
                                                schema.getFullName(),
                                                subject))
                        .path("id");
        if (!id.isInt()) {
            throw new IOException(
                    "the registry at %s answers without an id".formatted(registry.url()));
        }
        return id.intValue();
    }

    private String objection(int status) {
        return switch (status) {
            case 409 -> "finds an earlier schema incompatible with";
            case 422 -> "takes for no valid schema";
            case 404 ->
                    registry.registers()
                            ? "does not take"
                            : "has not (register it, or set " + RegistryAccess.REGISTER + ")";
            default -> "does not take";
        };
    }

    private Answer send(String path, UnaryOperator<HttpRequest.Builder> method) throws IOException {
        URI address = URI.create(registry.url().toString().replaceAll("/+$", "") + path);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address)
                        .timeout(PATIENCE)
                        .header("Accept", MEDIA_TYPE)
                        .header("Content-Type", MEDIA_TYPE);
        authorization.ifPresent(value -> request.header("Authorization", value));
        HttpResponse<InputStream> response;
        byte[] body;
        try {
            response = client.send(method.apply(request).build(), BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                body = in.readNBytes(MAX_ANSWER_BYTES + 1);
            }
        } catch (IOException e) {
            throw new IOException(
                    "the schema registry at %s does not answer: %s".formatted(registry.url(), e),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while asking " + registry.url());
        }
        if (body.length > MAX_ANSWER_BYTES) {
            throw new IOException(
                    "%s answers with more than %d bytes, as no schema registry does: correct"
                                    .formatted(address, MAX_ANSWER_BYTES)
                            + " registry.url");
        }
        if (response.statusCode() / 100 == 3) {
            throw new IOException(
                    "the schema registry at %s redirects to %s, which is not followed, lest the"
                                    .formatted(
                                            registry.url(),
                                            response.headers()
                                                    .firstValue("Location")
                                                    .orElse("another address"))
                            + " login be sent there: name the final address in registry.url");
        }
        return new Answer(address, response.statusCode(), new String(body, StandardCharsets.UTF_8));
    }

    /** The registry's own code for what went wrong; 0 if the answer is none of a registry. */
    private static int errorCode(Answer response) {
        try {
            return JSON.readTree(response.body()).path("error_code").asInt();
        } catch (JsonProcessingException e) {
            return 0;
        }
    }

    private JsonNode answer(Answer response, String failure) throws IOException {
        // 404 with a code such as 40401 is a registry's; bare, that of any server without the path.
        if (response.status() == 404 && errorCode(response) / 100 != 404) {
            throw new IOException(
                    "there is no schema registry at %s, for %s has status 404: correct registry.url"
                            .formatted(registry.url(), response.address()));
        }
        if (response.status() != 200) {
            throw new IOException(
                    "the schema registry at %s %s: status %d %s"
                            .formatted(
                                    registry.url(),
                                    failure,
                                    response.status(),
                                    response.body().lines().findFirst().orElse("")));
        }
        return JSON.readTree(response.body());
    }

    private static Optional<String> authorization(Map<String, String> properties) {
        String user = properties.get(RegistryAccess.BASIC);
        if (user != null) {
            return Optional.of(
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(user.getBytes(StandardCharsets.UTF_8)));
        }
        return Optional.ofNullable(properties.get(RegistryAccess.BEARER))
                .map(token -> "Bearer " + token);
    }

    private record Answer(URI address, int status, String body) {}
}
