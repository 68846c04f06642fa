/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import com.fasterxml.jackson.databind.SequenceWriter;
import io.thalamus.connectors.kafka.DeadLetterTopic;
import io.thalamus.connectors.kafka.DeadLetterTopic.Reinjection;
import io.thalamus.schemas.DeadLetter;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.apache.flink.util.function.ThrowingConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "dlq",
        description = "List the dead letters of a topic, or put them back where they came from.")
final class DlqCommand implements Callable<Integer> {
    @ParentCommand private ThalamusCommand thalamus;
    @Spec private CommandSpec command;
    @Mixin private BrokerArguments brokers;
    @Mixin private Output output;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "TOPIC",
            description = "The topic of dead letters, such as frames.dlq.")
    private String from;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "Only those whose error or reason contains this.")
    private String reason = "";

    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: all).")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "--reinject",
            description = "Write their records, as they were, to the topics that they came from.")
    private boolean reinject;

    @Option(
            names = "--to",
            paramLabel = "TOPIC",
            description =
                    "With --reinject: write them to this topic; also frames that a later step than"
                            + " the source refused.")
    private String to;

    // What was listed so far, and how many of it were put back.
    private long found;
    private long again;

    /**
     * A dead letter, without its bytes.
     *
     * @param time the record's own; null if it had none
     * @param bytes how many it has
     * @param reinjectedTo the topic that its record was written to; null if it was not
     */
    private record Letter(
            String time,
            String origin,
            int partition,
            long position,
            String stage,
            String error,
            String reason,
            int bytes,
            String reinjectedTo) {

        static Letter of(DeadLetter letter, String reinjectedTo) {
            return new Letter(
                    letter.timeNanos() == 0
                            ? null
                            : Instant.EPOCH.plusNanos(letter.timeNanos()).toString(),
                    letter.origin(),
                    letter.partition(),
                    letter.position(),
                    letter.stage(),
                    letter.error(),
                    letter.reason(),
                    letter.payload().length,
                    reinjectedTo);
        }

        String text() {
            return "%-24s  %s[%d]@%d  %s  %s: %s  (%d bytes)%s"
                    .formatted(
                            time == null ? "-" : time,
                            origin,
                            partition,
                            position,
                            stage,
                            error,
                            reason,
                            bytes,
                            reinjectedTo == null ? "" : " -> " + reinjectedTo);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (limit < 1) {
            throw wrong("--limit is %d; give at least 1".formatted(limit));
        }
        if (to != null && !reinject) {
            throw wrong("--to says where to --reinject; give both");
        }
        DeadLetterTopic topic = new DeadLetterTopic(brokers.bootstrap, from, brokers.properties);
        try (Reinjection reinjection = reinject ? topic.reinjection() : null) {
            if (output.json) {
                listAsJson(topic, reinjection);
            } else {
                PrintStream out = thalamus.console().out();
                sumUp(list(topic, reinjection, letter -> out.println(letter.text())));
            }
        }
        return 0;
    }

    /** One JSON list, which is begun at its first letter, so that nothing is said of no topic. */
    private void listAsJson(DeadLetterTopic topic, Reinjection reinjection)
            throws IOException, InterruptedException {
        SequenceWriter[] json = new SequenceWriter[1];
        try {
            list(
                    topic,
                    reinjection,
                    letter -> {
                        json[0] = json[0] == null ? thalamus.console().jsonList() : json[0];
                        json[0].write(letter);
                    });
            json[0] = json[0] == null ? thalamus.console().jsonList() : json[0];
        } finally {
            if (json[0] != null) {
                json[0].close();
                thalamus.console().out().println();
            }
        }
    }

    /** Gives how many other records were passed over. */
    private long list(
            DeadLetterTopic topic,
            Reinjection reinjection,
            ThrowingConsumer<Letter, IOException> printed)
            throws IOException, InterruptedException {
        return topic.read(
                letter -> {
                    if (isWanted(letter)) {
                        Letter listed = Letter.of(letter, putBack(letter, reinjection));
                        found++;
                        again += listed.reinjectedTo == null ? 0 : 1;
                        printed.accept(listed);
                    }
                    return found < limit;
                });
    }

    private boolean isWanted(DeadLetter letter) {
        return letter.error().contains(reason) || letter.reason().contains(reason);
    }

    /** The topic that a letter's record was written to; null if it was not. */
    private String putBack(DeadLetter letter, Reinjection reinjection) throws InterruptedException {
        String target = to == null ? Reinjection.origin(letter).orElse(null) : to;
        if (reinjection == null || target == null) {
            return null;
        }
        reinjection.send(letter, target);
        return target;
    }

    private void sumUp(long others) {
        PrintStream out = thalamus.console().out();
        out.println(
                "%d dead letters%s"
                        .formatted(found, reinject ? ", %d put back".formatted(again) : ""));
        if (others > 0) {
            out.println("%d other records passed over".formatted(others));
        }
        if (reinject && again < found) {
            out.println(
                    "Frames that a step behind the source refused have no topic of origin;"
                            + " name one with --to.");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
