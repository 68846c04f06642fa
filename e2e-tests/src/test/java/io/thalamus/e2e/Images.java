/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The images of the containers. A name that a system property gives is taken. Otherwise they are
 * the public ones where Docker Hub answers this machine, and where it does not, those that {@code
 * e2e-tests/images/build} makes.
 */
final class Images {
    private static final URI DOCKER_HUB = URI.create("https://registry-1.docker.io/v2/");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final boolean PUBLIC = answers(DOCKER_HUB);

    /** Property {@code thalamus.e2e.flink-image}. */
    static final String FLINK = name("flink", "flink:2.2.1-java17");

    /** Property {@code thalamus.e2e.kafka-image}. */
    static final String KAFKA = name("kafka", "apache/kafka:4.2.0");

    static {
        if (FLINK.equals(local("flink")) || KAFKA.equals(local("kafka"))) {
            build();
        }
    }

    private Images() {}

    private static String name(String image, String published) {
        return System.getProperty(
                "thalamus.e2e." + image + "-image", PUBLIC ? published : local(image));
    }

    private static String local(String image) {
        return "thalamus-e2e/" + image + ":local";
    }

    private static boolean answers(URI registry) {
        try {
            // Any answer will do; this one wants a login.
            HttpClient.newBuilder()
                    .connectTimeout(PATIENCE)
                    .build()
                    .send(
                            HttpRequest.newBuilder(registry).timeout(PATIENCE).build(),
                            HttpResponse.BodyHandlers.discarding());
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void build() {
        Path script = Checkout.ROOT.resolve("e2e-tests/images/build");
        try {
            Launcher.Outcome outcome = Launcher.run(Checkout.ROOT, List.of(script.toString()));
            if (outcome.exitCode() != 0) {
                throw new IllegalStateException(script + " failed: " + outcome.err());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
