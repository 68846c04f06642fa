/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One run of a shipped pipeline on a cluster, from a topic of its own to topics of its own. The
 * topic has some streams, each with the samples of the shipped recording; they are written as the
 * test says, part by part, so that the test knows where the run is.
 */
final class PresetRun {
    /** In how many parts the input is written. */
    static final int PARTS = 10;

    static final int STREAMS = 4;

    private final ContainerCluster cluster;
    private final Preset preset;
    private final String topics;
    private final List<SignalFrame> frames;
    private String job;
    private int parts;

    private PresetRun(
            ContainerCluster cluster, Preset preset, String topics, List<SignalFrame> frames) {
        this.cluster = cluster;
        this.preset = preset;
        this.topics = topics;
        this.frames = frames;
    }

    /**
     * Makes the topics.
     *
     * @param name other than that of any other run of the pipeline on the cluster
     */
    static PresetRun of(ContainerCluster cluster, Preset preset, String name) throws Exception {
        String topics = preset + "-" + name;
        cluster.kafka().createTopic(topics + ".in");
        cluster.kafka().createDeadLetterTopic(topics + ".in.dlq");
        for (String sink : preset.sinks()) {
            cluster.kafka().createTopic(topics + "." + sink);
        }
        List<SignalFrame> frames = new ArrayList<>();
        for (SignalFrame frame : preset.frames()) {
            for (int stream = 1; stream <= STREAMS; stream++) {
                frames.add(
                        new SignalFrame(
                                frame.streamId() + "-" + stream,
                                frame.sequence(),
                                frame.segment(),
                                frame.startNanos(),
                                frame.rate(),
                                frame.channels(),
                                frame.samples(),
                                frame.quality()));
            }
        }
        return new PresetRun(cluster, preset, topics, frames);
    }

    /** Starts the job, or goes on from a savepoint or checkpoint, through the REST interface. */
    void start(int parallelism, String savepoint) throws Exception {
        job = cluster.submit(parallelism, savepoint, arguments());
        awaitRunning();
    }

    /** The same with Flink's command line. */
    void startByCommandLine(int parallelism, String savepoint) throws Exception {
        job = cluster.submitByCommandLine(parallelism, savepoint, arguments());
        awaitRunning();
    }

    private List<String> arguments() throws Exception {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(
                List.of("--pipeline", ContainerCluster.PIPELINES + "/" + preset.fileName()));
        for (String setting : preset.onTopics(topics, ContainerKafka.BOOTSTRAP)) {
            arguments.addAll(List.of("--set", setting));
        }
        return arguments;
    }

    private void awaitRunning() throws Exception {
        Await.until(topics + " runs", () -> cluster.rest().isRunning(job));
    }

    String job() {
        return job;
    }

    /** Writes the next parts of the input. */
    void write(int more) {
        for (int part = 0; part < more; part++, parts++) {
            int from = (int) ((long) frames.size() * parts / PARTS);
            int to = (int) ((long) frames.size() * (parts + 1) / PARTS);
            for (SignalFrame frame : frames.subList(from, to)) {
                cluster.kafka().send(topics + ".in", frame.streamId(), WireFormat.encode(frame));
            }
        }
        cluster.kafka().flush();
    }

    /** Writes what is left of the input. */
    void writeRest() {
        write(PARTS - parts);
    }

    /** Waits until a checkpoint covers all that has been written. */
    void awaitTaken() throws Exception {
        Await.until(
                topics + ".in is taken", () -> cluster.kafka().hasTaken(topics, topics + ".in"));
    }

    /** Waits until results have been written that no checkpoint has committed yet. */
    void awaitOpenTransaction() throws Exception {
        Await.until(
                topics + " has a transaction open",
                () -> cluster.kafka().hasOpenTransaction(topics + ".sink"));
    }

    /** Waits for a checkpoint that was begun after a moment; gives when it was begun. */
    long awaitCheckpointAfter(long millis) throws Exception {
        Await.until(
                topics + " has a checkpoint", () -> cluster.rest().lastCheckpoint(job) > millis);
        return cluster.rest().lastCheckpoint(job);
    }

    /** Stops the job where it is; gives the savepoint. */
    String stop() throws Exception {
        return cluster.rest().stop(job, false);
    }

    /** Ends the job, once it has taken all of the input, and has it hand on all that it holds. */
    void finish() throws Exception {
        awaitTaken();
        cluster.rest().stop(job, true);
    }

    /** Frames in the input. */
    int framesIn() {
        return frames.size();
    }

    /**
     * What consumers of committed records find: by sink and stream, the values in the order in
     * which they lie there.
     */
    Map<String, Map<String, List<String>>> committed() throws Exception {
        Map<String, Map<String, List<String>>> committed = new TreeMap<>();
        for (String sink : preset.sinks()) {
            Map<String, List<String>> streams = new TreeMap<>();
            for (ConsumerRecord<byte[], byte[]> record :
                    cluster.kafka().committed(topics + "." + sink)) {
                streams.computeIfAbsent(
                                new String(record.key(), StandardCharsets.UTF_8),
                                key -> new ArrayList<>())
                        .add(Base64.getEncoder().encodeToString(record.value()));
            }
            committed.put(sink, streams);
        }
        return committed;
    }
}
