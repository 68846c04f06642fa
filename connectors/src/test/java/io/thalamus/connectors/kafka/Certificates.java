/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Certificates of a server on this machine and of its client, by an authority that nobody else
 * trusts, as the JDK's {@code keytool} makes them. All stores have one password.
 */
public record Certificates(Path folder) {
    public static final String PASSWORD = "open-sesame";

    private static final String LOCAL = "san=dns:localhost,ip:127.0.0.1";

    /** Makes them in an empty folder. */
    static Certificates in(Path folder) throws IOException, InterruptedException {
        Certificates made = new Certificates(folder);
        made.generate("authority", "-ext", "bc:critical=ca:true");
        made.generate("server", "-signer", "authority", "-ext", LOCAL);
        made.generate("client", "-signer", "authority");
        made.keytool("all", "-exportcert", "-alias", "authority", "-file", made.path("ca.crt"));
        made.keytool("trust", "-importcert", "-noprompt", "-file", made.path("ca.crt"));
        // A store of its own for each side, which else might choose the authority's key.
        for (String side : List.of("server", "client")) {
            made.keytool(
                    side,
                    "-importkeystore",
                    "-srcalias",
                    side,
                    "-srckeystore",
                    made.store("all"),
                    "-srcstorepass",
                    PASSWORD);
        }
        return made;
    }

    private void generate(String who, String... more) throws IOException, InterruptedException {
        List<String> words =
                new ArrayList<>(List.of("-genkeypair", "-alias", who, "-dname", "CN=" + who));
        words.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        words.addAll(List.of(more));
        keytool("all", words.toArray(String[]::new));
    }

    private void keytool(String store, String... words) throws IOException, InterruptedException {
        boolean copies = words[0].equals("-importkeystore");
        List<String> call =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/keytool")
                                        .toString()));
        call.addAll(List.of(words));
        call.addAll(List.of(copies ? "-destkeystore" : "-keystore", store(store)));
        call.addAll(List.of(copies ? "-deststorepass" : "-storepass", PASSWORD));
        Process process = new ProcessBuilder(call).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private String store(String name) {
        return path(name + ".p12");
    }

    /** What a broker is set to. */
    Map<String, String> ofServer() {
        return stores("server", PASSWORD);
    }

    /**
     * What a client is given.
     *
     * @param password may be the name of a secret
     */
    public Map<String, String> ofClient(String password) {
        return stores("client", password);
    }

    private Map<String, String> stores(String side, String password) {
        return Map.of(
                "ssl.truststore.location",
                store("trust"),
                "ssl.truststore.password",
                password,
                "ssl.keystore.location",
                store(side),
                "ssl.keystore.password",
                password);
    }
}
