/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a call costs: forty small convolutions, each with a ReLU, by either back end. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class GraphBenchmark {
    private static final int LAYERS = 40;
    private static final int CHANNELS = 16;

    @Param({"mxnet", "mxnet-interpreter"})
    public String engineName;

    @Param({"1", "8", "32"})
    public int batch;

    private GraphEngine engine;
    private CompiledSegment segment;
    private List<Tensor> inputs;
    private List<Tensor> outputs;

    @Setup
    public void open() {
        SplittableRandom random = new SplittableRandom(1);
        TensorGraph graph = new TensorGraph("forty");
        Map<String, Tensor> weights = new HashMap<>();
        Node x = graph.input("x");
        for (int layer = 0; layer < LAYERS; layer++) {
            weights.put("w" + layer, random(random, CHANNELS, CHANNELS, 3, 3));
            weights.put("b" + layer, random(random, CHANNELS));
            x =
                    graph.relu(
                            graph.conv2d(
                                    x,
                                    graph.weight("w" + layer),
                                    graph.weight("b" + layer),
                                    Conv2d.padded(1, 1)));
        }
        graph.output(x);
        engine = GraphEngines.open(engineName);
        segment = engine.compile(graph, weights);
        inputs = List.of(random(random, batch, CHANNELS, 4, 24));
        outputs = List.of(Tensor.empty());
    }

    @Benchmark
    public float fortySmallLayers() {
        segment.run(inputs, outputs);
        return outputs.get(0).data()[0];
    }

    @TearDown
    public void close() {
        segment.close();
        engine.close();
    }

    private static Tensor random(SplittableRandom random, int... shape) {
        float[] values = new float[Tensor.size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextDouble() - 0.5) / 6;
        }
        return Tensor.of(values, shape);
    }
}
