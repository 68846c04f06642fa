/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Apicurio's registry, in a process of its own, with nothing in it. */
final class Apicurio implements AutoCloseable {
    private static final Path UNPACKED = Checkout.ROOT.resolve("e2e-tests/target/apicurio");

    private final Process process;
    private final URI url;
    private final HttpClient client = HttpClient.newHttpClient();

    private Apicurio(Process process, int port) {
        this.process = process;
        this.url = URI.create("http://localhost:%d/apis/ccompat/v7".formatted(port));
    }

    static Apicurio start() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path jar;
        try (Stream<Path> files = Files.list(UNPACKED)) {
            jar = files.filter(file -> file.toString().endsWith("-runner.jar")).findAny().get();
        }
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-Xmx384m",
                                "-Dquarkus.http.host=127.0.0.1",
                                "-Dquarkus.http.port=" + port,
                                "-jar",
                                jar.toString())
                        .directory(UNPACKED.toFile())
                        .redirectErrorStream(true)
                        .start();
        StringBuilder log = new StringBuilder();
        BufferedReader lines = process.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            log.append(line).append('\n');
            if (line.contains("Listening on: ")) {
                Thread rest = new Thread(() -> lines.lines().forEach(ignored -> {}), "apicurio");
                rest.setDaemon(true);
                rest.start();
                return new Apicurio(process, port);
            }
        }
        throw new IOException("the registry did not start: " + log);
    }

    /** The address that is compatible with Confluent's registry. */
    URI url() {
        return url;
    }

    /** Sends a request, and gives the answer. */
    String send(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response =
                client.send(
                        HttpRequest.newBuilder(URI.create(url + path))
                                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                                .method(method, BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(
                    List.of(method, path, response.statusCode(), response.body()).toString());
        }
        return response.body();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
