/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Leash;
import io.thalamus.operators.inference.FastWeightsFile;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "adapt",
        description =
                "Say what the streams of a pipeline have learned while it ran, or write it to files"
                        + " of tensors that other programs read.")
final class AdaptCommand implements Callable<Integer> {
    /** What is to be done. */
    enum Action {
        INSPECT,
        EXPORT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @ParentCommand private ThalamusCommand thalamus;
    @Mixin private Output output;

    @Parameters(
            index = "0",
            paramLabel = "ACTION",
            description = "inspect, or export, which also writes it to --out.")
    private Action action;

    @Parameters(
            index = "1",
            paramLabel = "SAVEPOINT|FILE",
            description =
                    "The folder of a savepoint or checkpoint, on any file system of Flink, or a"
                            + " file that was exported.")
    private String from;

    @Option(
            names = "--stream",
            paramLabel = "ID",
            description = "Only this stream. May be given again.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            defaultValue = "out/learned",
            description =
                    "export: where STREAM.safetensors of each stream is written (default:"
                            + " ${DEFAULT-VALUE}).")
    private Path folder;

    @Option(
            names = "--flink",
            paramLabel = "KEY=VALUE",
            description =
                    "A setting of Flink, such as state.backend.type=rocksdb for a checkpoint that"
                            + " was written with it. May be given again.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /**
     * What was found; as JSON, an object with these fields.
     *
     * @param streams in the order of their ids
     * @param bytes of all of them
     */
    record Result(List<Learned> streams, long bytes) {

        private String text() {
            TextTable table = new TextTable("stream", "updates", "norm", "bytes");
            for (Learned one : streams) {
                table.add(
                        one.stream,
                        "%,d".formatted(one.updates),
                        "%.4g".formatted(one.norm),
                        "%,d".formatted(one.bytes));
            }
            return "%s%n%,d streams, %,d bytes%n".formatted(table, streams.size(), bytes);
        }
    }

    /**
     * Of one stream.
     *
     * @param updates how many have been made
     * @param norm Frobenius norm of all that differs from the bundle
     * @param norms the same weight by weight
     * @param memory values that learning keeps of the past, by name
     * @param bytes in a checkpoint
     * @param bundle digest of the bundle that all this is a difference to; empty where it was not
     *     noted
     * @param preset that it was learned by; empty where it was not noted
     * @param file that was written; null if none was
     */
    record Learned(
            String stream,
            long updates,
            double norm,
            Map<String, Double> norms,
            Map<String, Integer> memory,
            int bytes,
            String bundle,
            String preset,
            String file) {

        private static Learned of(String stream, BoundWeights bound, String file) {
            FastWeights weights = bound.weights();
            Map<String, Double> norms = new TreeMap<>();
            weights.deltas().forEach((name, delta) -> norms.put(name, Leash.norm(delta)));
            Map<String, Integer> memory = new TreeMap<>();
            weights.memory().forEach((name, values) -> memory.put(name, values.length));
            double squares = norms.values().stream().mapToDouble(norm -> norm * norm).sum();
            return new Learned(
                    stream,
                    weights.updates(),
                    Math.sqrt(squares),
                    norms,
                    memory,
                    bound.bytes(),
                    bound.bundle(),
                    bound.preset(),
                    file);
        }
    }

    @Override
    public Integer call() throws Exception {
        Map<String, BoundWeights> learned = LearnedStreams.read(from, settings);
        for (String stream : only) {
            if (!learned.containsKey(stream)) {
                throw new InvalidInputException(
                        "%s holds nothing that stream %s has learned".formatted(from, stream));
            }
        }
        List<Learned> streams = new ArrayList<>();
        for (Map.Entry<String, BoundWeights> one : learned.entrySet()) {
            if (only.isEmpty() || only.contains(one.getKey())) {
                streams.add(
                        Learned.of(
                                one.getKey(),
                                one.getValue(),
                                written(one.getKey(), one.getValue())));
            }
        }
        Result result = new Result(streams, streams.stream().mapToLong(Learned::bytes).sum());
        if (output.json) {
            thalamus.console().json(result);
        } else {
            thalamus.console().out().print(result.text());
        }
        return 0;
    }

    private String written(String stream, BoundWeights weights) throws IOException {
        if (action == Action.INSPECT) {
            return null;
        }
        Files.createDirectories(folder);
        Path file = FastWeightsFile.of(folder, stream);
        FastWeightsFile.write(file, weights);
        return file.toString();
    }
}
