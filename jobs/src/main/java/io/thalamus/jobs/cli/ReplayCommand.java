/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.recording.Looping;
import io.thalamus.connectors.recording.Pacing;
import io.thalamus.connectors.recording.RecordedSource;
import io.thalamus.jobs.PublicationBuilder;
import io.thalamus.jobs.spec.Settings;
import io.thalamus.jobs.spec.SinkSpec;
import io.thalamus.schemas.InvalidInputException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "replay", description = "Publish recordings to Kafka, as live streams would come.")
final class ReplayCommand implements Callable<Integer> {
    @ParentCommand private ThalamusCommand thalamus;
    @Spec private CommandSpec command;
    @Mixin private RecordingArguments recordings;
    @Mixin private RegistryArgument registry;
    @Mixin private BrokerArguments brokers;
    @Mixin private Output output;

    @Parameters(
            paramLabel = "RECORDINGS",
            description = "A file, a folder or a glob, on any file system of Flink.")
    private String path;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "TOPIC",
            description = "The topic that frames go to.")
    private String topic;

    @Option(
            names = "--annotations",
            paramLabel = "TOPIC",
            description = "The topic that annotations go to (default: they are dropped).")
    private String annotations;

    @Option(
            names = "--speed",
            defaultValue = "1",
            paramLabel = "FACTOR",
            description =
                    "How many times faster than it was recorded; 1 is real time, max as fast as"
                            + " possible (default: ${DEFAULT-VALUE}).")
    private String speed;

    @Option(
            names = "--loop",
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            paramLabel = "LAPS",
            description =
                    "Play again at the end, with time going on: so often in all, or without end.")
    private String loop;

    @Option(
            names = "--frame",
            defaultValue = "256",
            paramLabel = "N",
            description = "Samples of a frame (default: ${DEFAULT-VALUE}).")
    private int frame;

    @Override
    public Integer call() throws Exception {
        Console console = thalamus.console();
        RecordedSource source =
                recordings
                        .recordings(path, recordings.format(frame))
                        .withPacing(parsed(Pacing::parse, speed))
                        .withLooping(parsed(Looping::parse, loop));
        source.describe(); // what cannot be used is told before anything is published
        Progress<RunMetrics> progress = new Progress<>(console, ReplaySummary::progress);
        try (EmbeddedJob job = new EmbeddedJob(1, Map.of())) {
            PublicationBuilder.build(
                    job.environment(),
                    source,
                    topic(topic),
                    Optional.ofNullable(annotations).map(this::topic));
            long start = System.nanoTime();
            try {
                job.execute("replay", progress);
            } finally {
                progress.end();
            }
            ReplaySummary summary =
                    ReplaySummary.of(path, topic, job.metrics(), (System.nanoTime() - start) / 1e9);
            if (output.json) {
                console.json(summary);
            } else {
                console.out().print(summary.text());
            }
        }
        return 0;
    }

    /** Frames are out at once, as those of a live stream: a transaction would hold them back. */
    private SinkSpec topic(String name) {
        return new SinkSpec.KafkaSink(
                brokers.bootstrap,
                name,
                false,
                null,
                registry.access(),
                new Settings(brokers.properties));
    }

    private <T> T parsed(Function<String, T> parse, String text) {
        try {
            return parse.apply(text);
        } catch (InvalidInputException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }
}
