/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.recording.RecordingFolder;
import io.thalamus.connectors.recording.WrittenFormat;
import io.thalamus.jobs.simulation.CallSimulator;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.schemas.SignalFrame;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.MdcUtils;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a job writes to the log of a cluster. */
class LoggingITCase {
    private static final String OURS = "io.thalamus";
    private static final String STREAM = "patient-17";

    @TempDir private Path folder;

    private final Log log = new Log();
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);

    private static final class Log extends AbstractAppender {
        private final Queue<LogEvent> events = new ConcurrentLinkedQueue<>();

        Log() {
            super("log", null, null, false, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            events.add(event.toImmutable());
        }
    }

    @BeforeEach
    void listen() {
        log.start();
        LoggerConfig all = new LoggerConfig(OURS, Level.TRACE, false);
        all.addAppender(log, Level.TRACE, null);
        context.getConfiguration().addLogger(OURS, all);
        context.updateLoggers();
    }

    @AfterEach
    void listenNoMore() {
        context.getConfiguration().removeLogger(OURS);
        context.updateLoggers();
    }

    @Test
    void linesNameJobAndStepButStreamsOnlyForDebugging() throws Exception {
        TinyPipeline tiny =
                TinyPipeline.in(folder)
                        .withRecording(STREAM, 40)
                        .withLine(STREAM, "2020-01-10 00:00:00,1,2")
                        .withLine(STREAM, "2020-01-01 00:30:00,1,2");
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1);
        PipelineBuilder.build(environment, PipelineSpec.load(tiny.file(), List.of()));
        String job = environment.execute("tiny").getJobID().toHexString();

        assertThat(log.events)
                .filteredOn(event -> event.getLevel().isMoreSpecificThan(Level.INFO))
                .isNotEmpty()
                .noneMatch(event -> text(event).contains(STREAM))
                .anyMatch(event -> text(event).startsWith("model: opened bundle on engine none"));
        assertThat(log.events)
                .filteredOn(event -> event.getLevel() == Level.DEBUG)
                .anyMatch(event -> text(event).startsWith("order: stream " + STREAM + ": "));
        assertThat(log.events)
                .filteredOn(event -> text(event).matches("(order|model): .*"))
                .allMatch(event -> job.equals(event.getContextData().getValue(MdcUtils.JOB_ID)));
    }

    @ParameterizedTest
    @CsvSource({"rocksdb, 1", "hashmap, 0"})
    void aLargeStateIsRemarkedOnceWhereItIsNotOnTheHeap(String backend, int remarks)
            throws Exception {
        try (RecordingFolder calls =
                RecordingFolder.open(folder.toString(), WrittenFormat.WAV16, false)) {
            for (SignalFrame frame : new CallSimulator(1, 0.3).frames("call")) {
                calls.write(frame);
            }
            calls.finish();
        }
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(
                        1, Configuration.fromMap(Map.of("state.backend.type", backend)));
        List<String> settings =
                List.of(
                        "source.path=" + folder.resolve("call.wav"),
                        "sink.path=" + folder.resolve("voice"),
                        "annotations.path=" + folder.resolve("annotations"),
                        "dead-letters.path=" + folder.resolve("dead-letters"));
        PipelineBuilder.build(
                environment, PipelineSpec.load(Path.of("../pipelines/echo.yaml"), settings));
        environment.execute("calls");

        assertThat(log.events)
                .filteredOn(event -> event.getLevel() == Level.WARN)
                .hasSize(remarks)
                .allSatisfy(
                        event ->
                                assertThat(text(event))
                                        .isEqualTo(
                                                "model: echo-canceller carries 3940320 bytes for"
                                                    + " each stream, which the state backend"
                                                    + " rocksdb writes and reads with each window;"
                                                    + " set state.backend.type: hashmap"));
    }

    private static String text(LogEvent event) {
        return event.getMessage().getFormattedMessage();
    }
}
