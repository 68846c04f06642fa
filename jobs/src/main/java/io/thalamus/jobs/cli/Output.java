/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import picocli.CommandLine.Option;

/** The options that every command has. */
final class Output {
    @Option(names = "--json", description = "Print the result as JSON.")
    boolean json;

    /** Also looked at before anything else, because logging is set up first. */
    @Option(names = "--verbose", description = "Log more, and show where an error comes from.")
    boolean verbose;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    boolean help;
}
