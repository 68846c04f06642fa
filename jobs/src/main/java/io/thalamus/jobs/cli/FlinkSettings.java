/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What the embedded Flink is given; on a cluster these are the cluster's own settings. */
final class FlinkSettings {
    @Option(
            names = "--parallelism",
            paramLabel = "N",
            defaultValue = "1",
            description = "Tasks for each step (default: ${DEFAULT-VALUE}).")
    int parallelism;

    @Option(
            names = "--flink",
            paramLabel = "KEY=VALUE",
            description =
                    "A setting of Flink, such as execution.checkpointing.interval=1s. May be given"
                            + " again.")
    Map<String, String> settings = new LinkedHashMap<>();
}
