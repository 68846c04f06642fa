/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.kafka.RegistryAccess;
import io.thalamus.schemas.InvalidInputException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How the topics of a command hold their records. */
final class RegistryArgument {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description =
                    "The schema registry, for topics in Confluent's wire format (default:"
                            + " Avro's single-object encoding).")
    private URI url;

    @Option(
            names = "--registry-property",
            paramLabel = "KEY=VALUE",
            description =
                    "A setting of the registry: basic.auth.user.info (user:password),"
                            + " bearer.auth.token, auto.register.schemas, or"
                            + " ssl.truststore.location and the like. May be given again.")
    private Map<String, String> properties = new LinkedHashMap<>();

    /** Whether it was named. */
    boolean isGiven() {
        return url != null;
    }

    /** The registry of topics in Confluent's wire format. */
    Optional<RegistryAccess> access() {
        if (url == null && !properties.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(), "--registry-property goes with --registry; give both");
        }
        try {
            return Optional.ofNullable(url).map(address -> new RegistryAccess(address, properties));
        } catch (InvalidInputException e) {
            throw new ParameterException(command.commandLine(), "--registry: " + e.getMessage(), e);
        }
    }
}
