/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.StreamModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

/**
 * A bare model, one thread: batches a second of windows with a daily rhythm and noise. Multiply by
 * the batch size for windows a second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class ModelBenchmark {
    /** More than any batch, so that a batch's periods are not always the same. */
    private static final int WINDOWS = 96;

    @Param("pipelines/bundles/timesnet-etth1-96-96")
    public String bundle;

    @Param({"mxnet", "mxnet-interpreter"})
    public String engineName;

    @Param({"1", "8", "32"})
    public int batch;

    private GraphEngine engine;
    private StreamModel model;
    private List<List<ModelInput>> batches;
    private int next;

    @Setup
    public void open() {
        ModelBundle opened = ModelBundle.open(Path.of(bundle));
        engine = GraphEngines.open(engineName);
        model =
                ModelFactories.forBundle(opened, ModelBenchmark.class.getClassLoader())
                        .open(opened, engine);
        List<ModelInput> windows = Windows.rhythmic(model.signature(), WINDOWS);
        batches = new ArrayList<>();
        for (int i = 0; i < WINDOWS; i += batch) {
            batches.add(windows.subList(i, i + batch));
        }
    }

    @Benchmark
    public List<ModelOutput> infer() {
        next = (next + 1) % batches.size();
        return model.infer(batches.get(next));
    }

    @TearDown
    public void close() {
        model.close();
        engine.close();
    }
}
