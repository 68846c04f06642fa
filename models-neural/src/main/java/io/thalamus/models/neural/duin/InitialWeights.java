/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.NamedWeights;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.training.SeededValues;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The weights that a training begins with, drawn as the reference draws them, each when it is first
 * asked for; the front end and the encoder may be those of another network.
 */
final class InitialWeights implements NamedWeights {
    /** That the codebook has been found in a first batch. */
    static final String FOUND = "vq_block.codex.initted";

    static final String COUNTS = "vq_block.counts";

    private static final double DEVIATION = 0.02;
    private static final double WAVELENGTHS = 10_000;
    private static final Pattern BLOCK = Pattern.compile("xfmr_blocks\\.(\\d+)\\.");
    private static final List<String> HANDED_ON = List.of("subj_block.", "tokenizer.", "encoder.");

    private final SeededValues random;
    private final NamedWeights former;
    private final Map<String, Tensor> drawn = new LinkedHashMap<>();

    /**
     * Weights of a seed.
     *
     * @param former whose front end and encoder are taken; null if all is new
     */
    InitialWeights(long seed, NamedWeights former) {
        this.random = new SeededValues(seed);
        this.former = former;
    }

    /** All that was asked for so far. */
    Map<String, Tensor> drawn() {
        return drawn;
    }

    /** Whether gradients move a weight: not tables and what is averaged. */
    static boolean isLearned(String name) {
        return !name.equals(DuinGraph.POSITIONS)
                && !name.equals(DuinWeights.CODEBOOK)
                && !name.equals(FOUND)
                && !name.equals(COUNTS)
                && !name.contains(".running_");
    }

    @Override
    public boolean has(String name) {
        return drawn.containsKey(name);
    }

    @Override
    public Tensor weight(String name, int... shape) {
        return drawn.computeIfAbsent(
                name,
                missing ->
                        former != null && HANDED_ON.stream().anyMatch(name::startsWith)
                                ? former.weight(name, shape)
                                : Tensor.of(draw(missing, shape), shape));
    }

    private float[] draw(String name, int[] shape) {
        int size = Tensor.size(shape);
        if (name.equals(DuinGraph.POSITIONS)) {
            return positions(shape[0], shape[1]);
        }
        if (name.equals(DuinWeights.CODEBOOK)) {
            return unitRows(random.normal(name, 1, size), shape[1]);
        }
        boolean bias = name.endsWith(".bias");
        if (name.contains("norm") || name.matches("tokenizer\\.conv_blocks\\.\\d+\\.1\\.1\\..*")) {
            boolean one = name.endsWith(".weight") || name.endsWith(".running_var");
            return constant(one ? 1 : 0, size);
        }
        if (shape.length == 3) {
            return random.uniform(name, 1 / Math.sqrt(shape[1] * shape[2]), size);
        }
        if (bias && name.endsWith(".0.1.bias")) {
            int[] kernel = drawn.get(name.replace(".bias", ".weight")).shape();
            return random.uniform(name, 1 / Math.sqrt(kernel[1] * kernel[2]), size);
        }
        if (bias || !isLearned(name) || name.endsWith(".B.weight")) {
            return constant(0, size);
        }
        Matcher block = BLOCK.matcher(name);
        double deeper = block.find() ? Math.sqrt(2.0 * (Integer.parseInt(block.group(1)) + 1)) : 1;
        return random.normal(name, DEVIATION / deeper, size);
    }

    private static float[] constant(float value, int size) {
        float[] values = new float[size];
        Arrays.fill(values, value);
        return values;
    }

    private static float[] unitRows(float[] values, int width) {
        for (int row = 0; row < values.length; row += width) {
            Codebook.toUnit(values, row, width);
        }
        return values;
    }

    private static float[] positions(int rows, int width) {
        float[] table = new float[rows * width];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < width; i++) {
                double angle = row * StrictMath.pow(WAVELENGTHS, -(double) (i / 2 * 2) / width);
                table[row * width + i] =
                        (float) (i % 2 == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle));
            }
        }
        return table;
    }
}
