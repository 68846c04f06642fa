/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.ArrayList;
import java.util.List;

/** The blocks, each followed by the one layer normalisation that they share. */
final class Encoder implements AutoCloseable {
    private final List<TimesBlock> blocks = new ArrayList<>();
    private final CompiledSegment norm;
    private final Trace trace;
    private final Tensor between = Tensor.empty();

    /**
     * For sequences of one length.
     *
     * @param length samples
     */
    Encoder(
            TimesNetConfig config,
            int length,
            TimesNetWeights weights,
            GraphEngine engine,
            Trace trace) {
        this.trace = trace;
        PeriodSearch search = new PeriodSearch(length, config.width(), config.periods());
        for (TimesNetWeights.Inceptions inceptions : weights.inceptions()) {
            String name = "block" + blocks.size();
            FoldConvolutions convolutions = new FoldConvolutions(engine, name, inceptions, trace);
            blocks.add(new TimesBlock(name, length, config.width(), search, convolutions, trace));
        }
        this.norm = engine.compile(norm(config), weights.tensors());
    }

    /** The layer normalisation. */
    static TensorGraph norm(TimesNetConfig config) {
        TensorGraph graph = new TensorGraph("layer norm");
        Node x = graph.input("x"); // [B, T, D]
        graph.output(
                graph.layerNorm(
                        x,
                        graph.weight(TimesNetWeights.NORM_WEIGHT),
                        graph.weight(TimesNetWeights.NORM_BIAS),
                        config.layerNormEpsilon()));
        return graph;
    }

    /**
     * Runs all blocks.
     *
     * @param sequence {@code [windows, length, width]}, replaced by the result
     * @param sharePeriods see {@link PeriodSearch#run}
     */
    void run(Tensor sequence, boolean sharePeriods) {
        for (int layer = 0; layer < blocks.size(); layer++) {
            blocks.get(layer).run(sequence, between, sharePeriods);
            norm.run(List.of(between), List.of(sequence));
            if (trace.isOn()) {
                trace.add("stage.layer_norm" + layer, sequence);
            }
        }
    }

    @Override
    public void close() {
        norm.close();
        blocks.forEach(TimesBlock::close);
    }
}
