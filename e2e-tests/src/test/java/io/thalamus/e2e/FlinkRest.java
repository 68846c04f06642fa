/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.connectors.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What the tests ask of a job manager, through its REST interface. */
final class FlinkRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();
    private final String base;

    FlinkRest(String base) {
        this.base = base;
    }

    /** Whether the job manager answers and has so many slots free. */
    boolean hasFreeSlots(int slots) throws Exception {
        try {
            return get("/overview").path("slots-available").asInt() >= slots;
        } catch (IOException e) {
            return false;
        }
    }

    /** Hands in a jar, which jobs can then be started from; gives its name there. */
    String upload(Path jar) throws Exception {
        String boundary = "thalamus-jobs";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(
                """
                --%s\r
                Content-Disposition: form-data; name="jarfile"; filename="%s"\r
                Content-Type: application/java-archive\r
                \r
                """
                        .formatted(boundary, jar.getFileName())
                        .getBytes(StandardCharsets.UTF_8));
        Files.copy(jar, body);
        body.writeBytes("\r\n--%s--\r\n".formatted(boundary).getBytes(StandardCharsets.UTF_8));
        String stored =
                send(
                                request("/jars/upload")
                                        .header(
                                                "Content-Type",
                                                "multipart/form-data; boundary=" + boundary),
                                BodyPublishers.ofByteArray(body.toByteArray()))
                        .path("filename")
                        .asText();
        return Path.of(stored).getFileName().toString();
    }

    /**
     * Starts a job from a jar that was handed in; gives its id.
     *
     * @param savepoint where to go on from; empty to begin
     */
    String run(String jar, int parallelism, String savepoint, List<String> arguments)
            throws Exception {
        ObjectNode body = JSON.createObjectNode();
        body.put("entryClass", ContainerCluster.MAIN_CLASS);
        body.put("parallelism", parallelism);
        arguments.forEach(body.putArray("programArgsList")::add);
        if (!savepoint.isEmpty()) {
            body.put("savepointPath", savepoint);
        }
        return post("/jars/" + jar + "/run", body).path("jobid").asText();
    }

    String state(String job) throws Exception {
        return get("/jobs/" + job).path("state").asText();
    }

    /** Whether every task of a job is at work. */
    boolean isRunning(String job) throws Exception {
        for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
            if (!vertex.path("status").asText().equals("RUNNING")) {
                return false;
            }
        }
        return state(job).equals("RUNNING");
    }

    void cancel(String job) throws Exception {
        send(request("/jobs/" + job + "?mode=cancel"), "PATCH", BodyPublishers.noBody());
        Await.until(
                "job " + job + " is cancelled",
                () -> List.of("CANCELED", "FINISHED", "FAILED").contains(state(job)));
    }

    /**
     * Stops a job with a savepoint; gives where that is.
     *
     * @param drain whether all that is waiting for more input is handed on first
     */
    String stop(String job, boolean drain) throws Exception {
        ObjectNode body = JSON.createObjectNode().put("drain", drain);
        String trigger =
                post("/jobs/" + job + "/stop", body.put("formatType", "CANONICAL"))
                        .path("request-id")
                        .asText();
        String savepoint = "/jobs/" + job + "/savepoints/" + trigger;
        Await.until(
                "job " + job + " has a savepoint",
                () -> get(savepoint).path("status").path("id").asText().equals("COMPLETED"));
        JsonNode operation = get(savepoint).path("operation");
        if (operation.has("failure-cause")) {
            throw new AssertionError(operation.path("failure-cause").path("stack-trace").asText());
        }
        Await.until("job " + job + " has ended", () -> state(job).equals("FINISHED"));
        return operation.path("location").asText();
    }

    /** The counts of a job's checkpoints: completed, failed, restored and so on. */
    int checkpoints(String job, String count) throws Exception {
        return get("/jobs/" + job + "/checkpoints").path("counts").path(count).asInt();
    }

    /** When the newest completed checkpoint was begun, in milliseconds since the epoch. */
    long lastCheckpoint(String job) throws Exception {
        return get("/jobs/" + job + "/checkpoints")
                .path("latest")
                .path("completed")
                .path("trigger_timestamp")
                .asLong();
    }

    JsonNode get(String path) throws Exception {
        return send(request(path), "GET", BodyPublishers.noBody());
    }

    private JsonNode post(String path, JsonNode body) throws Exception {
        return send(
                request(path).header("Content-Type", "application/json"),
                BodyPublishers.ofString(body.toString()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE);
    }

    private JsonNode send(HttpRequest.Builder request, BodyPublisher body) throws Exception {
        return send(request, "POST", body);
    }

    private JsonNode send(HttpRequest.Builder request, String method, BodyPublisher body)
            throws Exception {
        HttpResponse<String> response =
                client.send(
                        request.method(method, body).build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 400) {
            throw new IOException(response.uri() + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }
}
