/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import org.apache.avro.Schema;

/**
 * A schema registry in the test's own process: the part of Confluent's published interface that is
 * used, with its status and error codes.
 */
public final class RegistryServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final List<String> schemas = new ArrayList<>();
    private final Map<String, List<Integer>> subjects = new HashMap<>();

    /** Every request: method, path and authorization. */
    public final List<String> requests = new ArrayList<>();

    /** The answer to every request instead of the right one; 0 for the right one. */
    int failing;

    /** Where every answer redirects to; null for nowhere. */
    URI redirect;

    /** What is sent with {@link #failing}; null for an error as a registry writes it. */
    String body;

    public RegistryServer() throws IOException {
        this(HttpServer.create());
    }

    /** A registry that is spoken to in TLS, and only by those who show a certificate. */
    public static RegistryServer withCertificates(Certificates certificates) throws IOException {
        HttpsServer server = HttpsServer.create();
        server.setHttpsConfigurator(
                new HttpsConfigurator(Stores.context(certificates.ofServer())) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                        wanted.setNeedClientAuth(true);
                        parameters.setSSLParameters(wanted);
                    }
                });
        return new RegistryServer(server);
    }

    private RegistryServer(HttpServer server) throws IOException {
        this.server = server;
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    public URI url() {
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return URI.create(scheme + "://localhost:" + server.getAddress().getPort());
    }

    /** Registers a schema as another program would. */
    public int register(String subject, String schema) {
        int id = schemas.indexOf(schema);
        if (id < 0) {
            id = schemas.size();
            schemas.add(schema);
        }
        subjects.computeIfAbsent(subject, name -> new ArrayList<>()).add(id);
        return id;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        requests.add(exchange.getRequestMethod() + " " + path + " " + authorization);
        JsonNode body = JSON.readTree(exchange.getRequestBody());
        if (redirect != null) {
            exchange.getResponseHeaders().add("Location", redirect + path);
        }
        if (failing != 0 && this.body != null) {
            reply(exchange, failing, this.body);
        } else if (failing != 0) {
            reply(exchange, failing, Map.of("error_code", failing * 100 + 1, "message", "no"));
        } else if (path.startsWith("/schemas/ids/")) {
            int id = Integer.parseInt(path.substring("/schemas/ids/".length()));
            if (id >= 0 && id < schemas.size()) {
                reply(exchange, 200, Map.of("schema", schemas.get(id)));
            } else {
                reply(exchange, 404, Map.of("error_code", 40403, "message", "Schema not found"));
            }
        } else {
            post(exchange, path.split("/"), body.path("schema").asText());
        }
    }

    private void post(HttpExchange exchange, String[] path, String schema) throws IOException {
        String subject = path[2];
        if (path.length == 4) {
            new Schema.Parser().parse(schema);
            reply(exchange, 200, Map.of("id", register(subject, schema)));
        } else if (subjects.getOrDefault(subject, List.of()).contains(schemas.indexOf(schema))) {
            int id = schemas.indexOf(schema);
            reply(
                    exchange,
                    200,
                    Map.of("subject", subject, "id", id, "version", 1, "schema", schema));
        } else {
            reply(exchange, 404, Map.of("error_code", 40401, "message", "Subject not found"));
        }
    }

    private static void reply(HttpExchange exchange, int status, Map<String, Object> answer)
            throws IOException {
        reply(exchange, status, JSON.writeValueAsString(answer));
    }

    private static void reply(HttpExchange exchange, int status, String answer) throws IOException {
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
