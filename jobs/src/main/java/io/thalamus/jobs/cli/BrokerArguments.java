/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where the topics of a command are, and how they are reached. */
final class BrokerArguments {
    @Option(
            names = "--bootstrap",
            required = true,
            paramLabel = "HOST:PORT",
            description = "The brokers, with commas between.")
    String bootstrap;

    @Option(
            names = "--property",
            paramLabel = "KEY=VALUE",
            description =
                    "A setting of the Kafka client, such as security.protocol=SSL. May be given"
                            + " again.")
    Map<String, String> properties = new LinkedHashMap<>();
}
