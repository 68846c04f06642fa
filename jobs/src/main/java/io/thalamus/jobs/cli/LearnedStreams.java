/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.FastWeightsFormat;
import io.thalamus.operators.inference.FastWeightsFile;
import io.thalamus.schemas.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.fs.FileSystem;

/** What streams have learned, as a savepoint, a checkpoint or an exported file has it. */
final class LearnedStreams {
    private static final String METADATA = "_metadata";

    private LearnedStreams() {}

    /**
     * Reads it.
     *
     * @param from the folder of a savepoint or checkpoint, or an exported file
     * @param settings Flink's own, such as the state backend of a checkpoint
     * @return by the stream's id, in their order
     * @throws InvalidInputException if it is neither
     */
    static Map<String, BoundWeights> read(String from, Map<String, String> settings)
            throws Exception {
        if (from.endsWith(FastWeightsFile.SUFFIX)) {
            Path file = Path.of(from);
            return Map.of(FastWeightsFile.stream(file), FastWeightsFile.read(file));
        }
        var metadata = new org.apache.flink.core.fs.Path(from, METADATA);
        if (!FileSystem.get(metadata.toUri()).exists(metadata)) {
            throw new InvalidInputException(
                    "%s holds no %s; give the folder of a savepoint or checkpoint, or a file of fast weights that ends in %s"
                            .formatted(from, METADATA, FastWeightsFile.SUFFIX));
        }
        Map<String, String> all = new HashMap<>(settings);
        all.put(StateRecoveryOptions.SAVEPOINT_PATH.key(), from);
        all.put(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE.key(), "true");
        try (EmbeddedJob job = new EmbeddedJob(1, all)) {
            CollectingSink<Tuple2<String, byte[]>> learned =
                    CollectingSink.behind(PipelineBuilder.learned(job.environment()), "sink");
            job.execute("learned", metrics -> {});
            Map<String, BoundWeights> byStream = new TreeMap<>();
            for (Tuple2<String, byte[]> one : learned.take()) {
                byStream.put(one.f0, weights(one.f1));
            }
            return byStream;
        }
    }

    private static BoundWeights weights(byte[] bytes) throws IOException {
        return FastWeightsFormat.read(new DataInputStream(new ByteArrayInputStream(bytes)));
    }
}
