/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.kafka.AvroFrames;
import io.thalamus.connectors.kafka.ConfluentFrames;
import io.thalamus.connectors.kafka.FrameFormat;
import io.thalamus.connectors.recording.WrittenFormat;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.jobs.spec.SourceSpec.KafkaSource;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "record", description = "Write the streams of a Kafka topic to recordings.")
final class RecordCommand implements Callable<Integer> {
    /** Where a recording ends by itself. */
    private enum End {
        LATEST;

        @Override
        public String toString() {
            return "latest";
        }
    }

    @ParentCommand private ThalamusCommand thalamus;
    @Spec private CommandSpec command;
    @Mixin private RegistryArgument registry;
    @Mixin private BrokerArguments brokers;
    @Mixin private Output output;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "TOPIC",
            description = "The topic that frames come from, from its start on.")
    private String topic;

    @Option(
            names = "--annotations",
            paramLabel = "TOPIC",
            description = "The topic that annotations come from (default: none).")
    private String annotations;

    @Option(
            names = "--as",
            paramLabel = "PIPELINE.yaml",
            description =
                    "Read the records as the source of this pipeline does: its format, registry and"
                            + " stream, so that raw topics (pcm, json) can be recorded (default:"
                            + " Avro's single-object encoding).")
    private Path pipeline;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER",
            description = "Where the recordings go, on any file system of Flink.")
    private String folder;

    @Option(
            names = "--format",
            defaultValue = "avro",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private WrittenFormat format;

    @Option(
            names = "--until",
            paramLabel = "latest",
            description =
                    "End at what the topics hold at the start (default: at Ctrl-C, which finishes"
                            + " the files).")
    private End until;

    @Option(names = "--seconds", paramLabel = "N", description = "End after so many seconds.")
    private Long seconds;

    @Option(names = "--overwrite", description = "Replace files that are there.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        if (seconds != null && seconds < 1) {
            throw new ParameterException(
                    command.commandLine(), "--seconds is %d; give at least 1".formatted(seconds));
        }
        Console console = thalamus.console();
        Progress<RecordSummary> progress = new Progress<>(console, RecordSummary::progress);
        // Opened first, so that a request to end the process waits for all that is below.
        try (Interruption interruption = new Interruption();
                TopicRecording recording =
                        new TopicRecording(
                                brokers.bootstrap,
                                topic,
                                annotations,
                                frameFormat(),
                                brokers.properties,
                                progress,
                                ended -> {
                                    progress.end();
                                    console.err().println("thalamus: " + ended);
                                })) {
            RecordSummary summary;
            try {
                summary =
                        recording.execute(
                                folder,
                                format,
                                overwrite,
                                until == End.LATEST,
                                seconds == null ? null : Duration.ofSeconds(seconds),
                                interruption);
            } finally {
                progress.end();
            }
            if (output.json) {
                console.json(summary);
            } else {
                console.out().print(summary.text());
            }
            recording.requireWhole();
        }
        return 0;
    }

    private FrameFormat frameFormat() {
        if (pipeline == null) {
            return registry.access()
                    .<FrameFormat>map(ConfluentFrames::new)
                    .orElse(new AvroFrames());
        }
        if (registry.isGiven()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--as reads the registry from the pipeline; leave --registry out");
        }
        if (PipelineSpec.load(pipeline, List.of()).source() instanceof KafkaSource source) {
            return source.format();
        }
        throw new InvalidInputException(
                "the source of %s is no topic: name a pipeline that reads one".formatted(pipeline));
    }
}
