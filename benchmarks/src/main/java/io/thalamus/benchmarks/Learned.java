/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.FastWeightsFormat;
import io.thalamus.operators.inference.FastWeightsFile;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.accumulators.LongMaximum;
import org.apache.flink.api.common.accumulators.LongMinimum;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * What the streams of a savepoint have learned, in sum.
 *
 * @param streams that have a state
 * @param leastUpdates of the stream with the fewest
 * @param leastBytes that one takes, by the format
 * @param mostBytes that one takes
 * @param leastPending windows that wait to be learned from, of the stream with the fewest
 * @param leastSnapshots that a stream keeps, of the one with the fewest
 */
record Learned(
        long streams,
        long leastUpdates,
        long leastBytes,
        long mostBytes,
        long leastPending,
        long leastSnapshots) {

    /** Of a savepoint that a backend has written. */
    static Learned read(String savepoint, String backend) throws Exception {
        return read(savepoint, backend, "");
    }

    /** Of one that the heap backend has written; writes a file for each stream, too. */
    static Learned write(String savepoint, Path folder) throws Exception {
        return read(savepoint, "hashmap", folder.toString());
    }

    private static Learned read(String savepoint, String backend, String folder) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, backend);
        configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        configuration.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        PipelineBuilder.learned(environment)
                .map(new Sums(folder))
                .uid("sums")
                .sinkTo(new DiscardingSink<>())
                .uid("nowhere");
        JobExecutionResult found = environment.execute("learned");
        return new Learned(
                found.getAccumulatorResult("streams"),
                found.getAccumulatorResult("leastUpdates"),
                found.getAccumulatorResult("leastBytes"),
                found.getAccumulatorResult("mostBytes"),
                found.getAccumulatorResult("leastPending"),
                found.getAccumulatorResult("leastSnapshots"));
    }

    private static final class Sums extends RichMapFunction<Tuple2<String, byte[]>, String> {
        private static final long serialVersionUID = 1;
        private static final Pattern SNAPSHOT = Pattern.compile("guard/snapshot/\\d+");

        private final String folder;
        private final LongCounter streams = new LongCounter();
        private final LongMinimum leastUpdates = new LongMinimum();
        private final LongMinimum leastBytes = new LongMinimum();
        private final LongMaximum mostBytes = new LongMaximum();
        private final LongMinimum leastPending = new LongMinimum();
        private final LongMinimum leastSnapshots = new LongMinimum();

        /**
         * @param folder for a file of each stream; empty for none
         */
        Sums(String folder) {
            this.folder = folder;
        }

        @Override
        public void open(OpenContext context) {
            getRuntimeContext().addAccumulator("streams", streams);
            getRuntimeContext().addAccumulator("leastUpdates", leastUpdates);
            getRuntimeContext().addAccumulator("leastBytes", leastBytes);
            getRuntimeContext().addAccumulator("mostBytes", mostBytes);
            getRuntimeContext().addAccumulator("leastPending", leastPending);
            getRuntimeContext().addAccumulator("leastSnapshots", leastSnapshots);
        }

        @Override
        public String map(Tuple2<String, byte[]> one) throws Exception {
            BoundWeights bound =
                    FastWeightsFormat.read(new DataInputStream(new ByteArrayInputStream(one.f1)));
            FastWeights weights = bound.weights();
            streams.add(1L);
            leastUpdates.add(weights.updates());
            leastBytes.add((long) one.f1.length);
            mostBytes.add((long) one.f1.length);
            int lasting = weights.withoutPending().memory().size();
            leastPending.add((long) weights.memory().size() - lasting);
            leastSnapshots.add(
                    weights.memory().keySet().stream().filter(SNAPSHOT.asMatchPredicate()).count());
            if (!folder.isEmpty()) {
                FastWeightsFile.write(FastWeightsFile.of(Path.of(folder), one.f0), bound);
            }
            return one.f0;
        }
    }
}
