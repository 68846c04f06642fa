/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.thalamus.models.neural.duin.DuinConfig.Model;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Subjects;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Recomputes stored cases, with all that lies between and the losses. A case of a mask model that
 * stores no signals is the case before it with nothing masked.
 */
final class DuinCases implements CaseRunner {
    private static final String NOISE = "noise";
    private static final String MASK = "mask";
    private static final String CODES = "codes";
    private static final String TOTAL = "loss.total";

    private final DuinConfig config;
    private final DuinWeights weights;
    private final Subjects subjects;
    private final GraphEngine engine;
    private final DuinGraphs graphs;
    private final FrontInput front;
    private final Map<String, Segment> segments = new HashMap<>();
    private final Quantizer quantizer;
    private CaseSignals last;
    private Tensor patches;

    DuinCases(DuinConfig config, Subjects subjects, DuinWeights weights, GraphEngine engine) {
        this.config = config;
        this.weights = weights;
        this.subjects = subjects;
        this.engine = engine;
        this.graphs = new DuinGraphs(config, weights, /* tapped= */ true);
        this.front = new FrontInput(Projections.in(config, weights));
        this.quantizer =
                config.quantizer() == null ? null : new Quantizer(weights.codebook(config));
    }

    @Override
    public Map<String, CaseTensor> run(JsonNode description, Map<String, CaseTensor> inputs) {
        boolean unmasked =
                config.model() == Model.MAE
                        && last != null
                        && !inputs.containsKey(CaseSignals.SIGNALS);
        CaseSignals signals = unmasked ? last : CaseSignals.of(inputs, config);
        last = signals;
        front.resize(signals.count(), signals.patches() * config.patch());
        for (int i = 0; i < signals.count(); i++) {
            front.set(i, signals.samples()[i], signals.subjects()[i]);
        }
        Segment embedding = segment("patches", graphs::patches, signals.patches());
        embedding.run(front.signals(), front.matrices());
        patches = embedding.output(DuinGraphs.PATCHES);
        Map<String, CaseTensor> tensors = embedding.tensors();
        tensors.putAll(
                switch (config.model()) {
                    case CLS -> words(signals, inputs);
                    case VQVAE -> reconstruction(signals, inputs);
                    case MAE -> unmasked ? unmasked(signals) : masked(signals, inputs);
                });
        return tensors;
    }

    private interface Graphs {
        DuinGraph of(int patches);
    }

    private Segment segment(String name, Graphs graph, int patches) {
        return segments.computeIfAbsent(
                name + patches, any -> new Segment(graph.of(patches), engine));
    }

    private Map<String, CaseTensor> words(CaseSignals signals, Map<String, CaseTensor> inputs) {
        if (signals.patches() != config.patches()) {
            throw new InvalidInputException(
                    "%s must be %d samples long".formatted(CaseSignals.SIGNALS, config.length()));
        }
        Segment segment = segment("words", graphs::words, signals.patches());
        segment.run(patches);
        Map<String, CaseTensor> tensors = segment.tensors();
        if (quantizer != null) {
            quantize(segment, tensors);
            Segment embedding = segment("tokens", graphs::tokens, signals.patches());
            embedding.run(quantizer.nearest());
            tensors.putAll(embedding.tensors());
        }
        if (inputs.containsKey("in.y_true")) {
            int[] targets =
                    CaseSignals.chosen(inputs, "in.y_true", signals.count(), config.outputs());
            double loss = Losses.crossEntropy(tensors.get(DuinGraphs.WORDS).floats(), targets);
            put(tensors, "loss.cls", loss);
            put(tensors, TOTAL, loss);
            if (config.contrast() > 0) {
                contrast(tensors, targets);
            }
        }
        return tensors;
    }

    private void contrast(Map<String, CaseTensor> tensors, int[] targets) {
        float temperature = weights.weight("contra_block.t").data()[0];
        float[] projected = tensors.get("contra.proj").floats();
        float[] likeness = Losses.likeness(projected, targets.length, temperature);
        tensors.put("contra.matrix", CaseTensor.of(likeness, targets.length, targets.length));
        put(tensors, "loss.contra", Losses.contrast(likeness, targets));
    }

    private void quantize(Segment segment, Map<String, CaseTensor> tensors) {
        Tensor points = segment.output(DuinGraphs.POINTS);
        quantizer.run(points, segment.output(DuinGraphs.PRODUCTS));
        tensors.put("vq.z_e", Segment.copy(quantizer.points()));
        tensors.put("vq.distances", Segment.copy(quantizer.distances()));
        tensors.put("vq.z_q", Segment.copy(quantizer.nearest()));
        double[] codes = Arrays.stream(quantizer.codes()).asDoubleStream().toArray();
        int[] shape = {points.dimension(0), points.dimension(1)};
        tensors.put(CODES, new CaseTensor(shape, codes));
    }

    private Map<String, CaseTensor> reconstruction(
            CaseSignals signals, Map<String, CaseTensor> inputs) {
        Segment coding = segment(CODES, graphs::codes, signals.patches());
        coding.run(patches);
        Map<String, CaseTensor> tensors = coding.tensors();
        quantize(coding, tensors);
        BackInput back = new BackInput(Projections.back(config, weights));
        back.set(signals.subjects());
        Segment decoding = segment("decoded", graphs::decoded, signals.patches());
        decoding.run(quantizer.nearest());
        tensors.putAll(decoding.tensors());
        Segment ending = segment("signals", graphs::signals, signals.patches());
        ending.run(decoding.output(DuinGraphs.DECODED), back.matrices(), back.biases());
        tensors.putAll(ending.tensors());
        float[] reconstructed = tensors.remove(DuinGraphs.SIGNALS).floats();
        tensors.put("X_reconstr", byTime(reconstructed, signals.count()));
        float[] mask = new float[signals.count() * config.channels()];
        Arrays.fill(mask, 1);
        if (inputs.containsKey("in.channel_mask")) {
            mask = inputs.get("in.channel_mask").floats();
        }
        double error = Losses.reconstruction(signals.joined(), reconstructed, mask);
        double commitment =
                Losses.commitment(
                        quantizer.points().data(),
                        quantizer.nearest().data(),
                        quantizer.points().size(),
                        config.quantizer().beta());
        put(tensors, "loss.rgs", error);
        put(tensors, "loss.vq", commitment);
        put(tensors, TOTAL, error + commitment);
        return tensors;
    }

    /** Channels by samples as samples by channels. */
    private CaseTensor byTime(float[] signals, int count) {
        int size = signals.length / count;
        float[] turned = new float[signals.length];
        for (int i = 0; i < count; i++) {
            float[] one = Arrays.copyOfRange(signals, i * size, (i + 1) * size);
            float[] other = CaseSignals.transposed(one, config.channels());
            System.arraycopy(other, 0, turned, i * size, size);
        }
        return CaseTensor.of(turned, count, size / config.channels(), config.channels());
    }

    private Map<String, CaseTensor> masked(CaseSignals signals, Map<String, CaseTensor> inputs) {
        int patches = signals.patches();
        CaseTensor noise = CaseSignals.tensor(inputs, NOISE);
        if (!Arrays.equals(noise.shape(), new int[] {signals.count(), patches})) {
            throw new InvalidInputException(
                    "%s must have a value for each of %d patches".formatted(NOISE, patches));
        }
        float[] mask = mask(noise.floats(), patches, config.maskRatio());
        Segment segment = run(mask, signals);
        Map<String, CaseTensor> tensors = segment.tensors();
        tensors.put(MASK, CaseTensor.of(mask, signals.count(), patches));
        float[] scores = tensors.get(DuinGraphs.PREDICTED_CODES).floats();
        tensors.put("pred_codes", largest(scores, signals.count(), patches));
        if (inputs.containsKey("in.c_true")) {
            int[] targets =
                    Arrays.stream(inputs.get("in.c_true").values())
                            .mapToInt(code -> (int) code)
                            .toArray();
            double loss = Losses.crossEntropy(scores, targets);
            put(tensors, "loss.cls", loss);
            put(tensors, TOTAL, loss);
        }
        return tensors;
    }

    private Segment run(float[] mask, CaseSignals signals) {
        Segment segment = segment("masked", graphs::masked, signals.patches());
        segment.run(patches, Tensor.of(mask, signals.count(), signals.patches(), 1));
        return segment;
    }

    /** With nothing masked the second pass sees no patch, and nothing is taken from the first. */
    private Map<String, CaseTensor> unmasked(CaseSignals signals) {
        Segment segment = run(new float[signals.count() * signals.patches()], signals);
        Map<String, CaseTensor> tensors = new LinkedHashMap<>();
        tensors.put("encoder", Segment.copy(segment.output("encoder#0")));
        tensors.put(DuinGraphs.PREDICTED_CODES, Segment.copy(segment.output("cls_block#0")));
        return tensors;
    }

    /**
     * Which patches are masked: all but those of the least noise.
     *
     * @param noise of each patch of each signal
     * @return ones for patches that are masked
     */
    static float[] mask(float[] noise, int patches, double ratio) {
        int kept = (int) (patches * (1 - ratio));
        float[] mask = new float[noise.length];
        Arrays.fill(mask, 1);
        for (int from = 0; from < noise.length; from += patches) {
            List<Integer> ranked =
                    IntStream.range(from, from + patches)
                            .boxed()
                            .sorted(Comparator.comparingDouble(patch -> noise[patch]))
                            .toList();
            ranked.subList(0, kept).forEach(patch -> mask[patch] = 0);
        }
        return mask;
    }

    private static CaseTensor largest(float[] scores, int signals, int patches) {
        double[] codes = new double[signals * patches];
        int width = scores.length / codes.length;
        for (int row = 0; row < codes.length; row++) {
            int best = 0;
            for (int code = 1; code < width; code++) {
                if (scores[row * width + code] > scores[row * width + best]) {
                    best = code;
                }
            }
            codes[row] = best;
        }
        return new CaseTensor(new int[] {signals, patches}, codes);
    }

    private static void put(Map<String, CaseTensor> tensors, String name, double value) {
        tensors.put(name, new CaseTensor(new int[0], new double[] {value}));
    }

    @Override
    public Map<String, CaseTensor> record(SignalFrame window) {
        int subject = subjects.require(window.streamId());
        float[] chosen = new float[config.subjects()];
        chosen[subject] = 1;
        Map<String, CaseTensor> tensors = new LinkedHashMap<>();
        tensors.put(CaseSignals.SIGNALS, byTime(window.samples(), /* count= */ 1));
        tensors.put(CaseSignals.SUBJECTS, CaseTensor.of(chosen, 1, chosen.length));
        if (config.model() == Model.MAE) {
            Random random = new Random(window.sequence());
            float[] noise = new float[config.patches()];
            for (int i = 0; i < noise.length; i++) {
                noise[i] = random.nextFloat();
            }
            tensors.put(NOISE, CaseTensor.of(noise, 1, noise.length));
        }
        Map<String, CaseTensor> results = run(MissingNode.getInstance(), tensors);
        for (String name :
                List.of(DuinGraphs.WORDS, CODES, "X_reconstr", DuinGraphs.PREDICTED_CODES)) {
            if (results.containsKey(name)) {
                tensors.put(name, results.get(name));
            }
        }
        return tensors;
    }

    @Override
    public void close() {
        segments.values().forEach(Segment::close);
    }
}
