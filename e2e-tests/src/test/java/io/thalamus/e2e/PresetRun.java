/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import io.thalamus.connectors.Await;
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
 * One run of a shipped pipeline, from a topic of its own to topics of its own. Such a topic has the
 * shipped recording several times, each as streams of its own; it is written as the test says, part
 * by part, so that the test knows where the run is.
 */
final class PresetRun {
    /** In how many parts the input is written. */
    static final int PARTS = 10;

    private final JobHost host;
    private final Preset preset;
    private final String name;
    private final List<String> settings;
    private final List<SignalFrame> frames;
    private String job;
    private int parts;

    private PresetRun(
            JobHost host,
            Preset preset,
            String name,
            List<String> settings,
            List<SignalFrame> frames)
            throws Exception {
        this.host = host;
        this.preset = preset;
        this.name = name;
        this.settings = settings;
        this.frames = frames;
        for (String sink : preset.sinks()) {
            host.topics().createTopic(output(sink));
        }
    }

    /**
     * A run from a topic.
     *
     * @param name other than that of any other run of the pipeline there
     * @param copies of the recording
     */
    static PresetRun of(JobHost host, Preset preset, String name, int copies) throws Exception {
        String topics = preset + "-" + name;
        PresetRun run =
                new PresetRun(
                        host,
                        preset,
                        topics,
                        preset.onTopics(topics, host.bootstrap()),
                        copies(preset, copies));
        host.topics().createTopic(run.input());
        host.topics().createDeadLetterTopic(run.input() + ".dlq");
        return run;
    }

    /**
     * A run that plays the shipped recording again and again, at full speed.
     *
     * @param more settings, such as another speed
     */
    static PresetRun looped(JobHost host, Preset preset, String name, String... more)
            throws Exception {
        String topics = preset + "-" + name;
        List<String> settings = new ArrayList<>(preset.looped(topics, host.bootstrap()));
        settings.addAll(List.of(more));
        return new PresetRun(host, preset, topics, settings, List.of());
    }

    private static List<SignalFrame> copies(Preset preset, int copies) throws Exception {
        List<SignalFrame> frames = new ArrayList<>();
        for (SignalFrame frame : preset.frames()) {
            for (int copy = 1; copy <= copies; copy++) {
                frames.add(
                        new SignalFrame(
                                preset.copy(frame.streamId(), copy),
                                frame.sequence(),
                                frame.segment(),
                                frame.startNanos(),
                                frame.rate(),
                                frame.channels(),
                                frame.samples(),
                                frame.quality()));
            }
        }
        return frames;
    }

    private String input() {
        return name + ".in";
    }

    private String output(String sink) {
        return name + "." + sink;
    }

    /** Starts the job, or goes on from a savepoint or checkpoint, and waits until it is at work. */
    void start(int parallelism, String savepoint) throws Exception {
        join(host.start(preset, settings, parallelism, savepoint));
    }

    /** Takes a job that was started otherwise for that of this run. */
    void join(String started) throws Exception {
        job = started;
        Await.until(name + " is at work", () -> host.isRunning(job));
    }

    /** What makes the shipped pipeline that of this run. */
    List<String> settings() {
        return settings;
    }

    Preset preset() {
        return preset;
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
                host.topics().send(input(), frame.streamId(), WireFormat.encode(frame));
            }
        }
        host.topics().flush();
    }

    /** Writes what is left of the input. */
    void writeRest() {
        write(PARTS - parts);
    }

    /** Waits until more results have been written. */
    void awaitResults() throws Exception {
        long before = host.topics().size(output("sink"));
        Await.until(name + " gives results", () -> host.topics().size(output("sink")) > before);
    }

    /** Waits until a checkpoint covers all that has been written. */
    void awaitTaken() throws Exception {
        Await.until(input() + " is taken", () -> host.topics().hasTaken(name, input()));
    }

    /** Waits until results have been written that no checkpoint has committed yet. */
    void awaitOpenTransaction() throws Exception {
        Await.until(
                name + " has a transaction open",
                () -> host.topics().hasOpenTransaction(output("sink")));
    }

    /** Stops the job where it is; gives the savepoint. */
    String stop() throws Exception {
        return host.stop(job, false);
    }

    /** Ends the job, once it has taken all of the input, and has it hand on all that it holds. */
    void finish() throws Exception {
        awaitTaken();
        host.stop(job, true);
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
            for (ConsumerRecord<byte[], byte[]> record : host.topics().committed(output(sink))) {
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
