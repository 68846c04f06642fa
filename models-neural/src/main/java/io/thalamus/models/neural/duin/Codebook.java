/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.Tensor;
import java.util.SplittableRandom;

/**
 * Codes that follow the tokens which are told by them, by exponential averages on the sphere (van
 * den Oord et al., "Neural Discrete Representation Learning", NeurIPS 2017, appendix A.1). At first
 * they are found in a batch by spherical k-means. All values are changed in place.
 *
 * @param vectors {@code [codes, width]}, of unit length
 * @param counts averages of how many tokens of a batch have each code
 * @param found 1 if the codes were found in a batch, 0 before
 */
record Codebook(Tensor vectors, Tensor counts, Tensor found) {
    private static final double DECAY = 0.99;
    private static final double SHORTEST = 1e-12;
    private static final int ROUNDS = 10;

    /** Of the tokens that each code would have if all had equally many. */
    private static final double LEAST_SHARE = 0.1;

    boolean isFound() {
        return found.data()[0] != 0;
    }

    /**
     * Finds the codes.
     *
     * @param points tokens at unit length, the first values of the tensor's array
     */
    void find(Tensor points, SplittableRandom random) {
        int width = vectors.dimension(1);
        int tokens = points.size() / width;
        int codes = vectors.dimension(0);
        int[] order = order(tokens, random);
        for (int code = 0; code < codes; code++) {
            int token = code < tokens ? order[code] : random.nextInt(tokens);
            System.arraycopy(points.data(), token * width, vectors.data(), code * width, width);
        }
        int[] nearest = new int[tokens];
        for (int round = 0; round < ROUNDS; round++) {
            for (int token = 0; token < tokens; token++) {
                nearest[token] = nearest(points.data(), token * width);
            }
            move(points.data(), nearest, 0);
        }
        found.data()[0] = 1;
    }

    private static int[] order(int count, SplittableRandom random) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    private int nearest(float[] points, int at) {
        int width = vectors.dimension(1);
        int best = 0;
        double largest = Double.NEGATIVE_INFINITY;
        for (int code = 0; code < vectors.dimension(0); code++) {
            double product = 0;
            for (int i = 0; i < width; i++) {
                product += (double) points[at + i] * vectors.data()[code * width + i];
            }
            if (product > largest) {
                largest = product;
                best = code;
            }
        }
        return best;
    }

    /** Follows the tokens of a batch. */
    void follow(Tensor points, int[] codes) {
        int[] numbers = move(points.data(), codes, DECAY);
        for (int code = 0; code < numbers.length; code++) {
            float before = counts.data()[code];
            counts.data()[code] = (float) (DECAY * before + (1 - DECAY) * numbers[code]);
        }
    }

    /**
     * Puts codes that hardly any token has where tokens are that are drawn: they would stay where
     * no token comes to, while the tokens of a network that learns move on (Dhariwal et al.,
     * "Jukebox: A Generative Model for Music", 2020, section 3.1).
     */
    void restart(Tensor points, SplittableRandom random) {
        int width = vectors.dimension(1);
        double sum = 0;
        for (float count : counts.data()) {
            sum += count;
        }
        float fair = (float) (sum / counts.size());
        int tokens = points.size() / width;
        int[] order = order(tokens, random);
        int drawn = 0;
        for (int code = 0; code < counts.size(); code++) {
            if (counts.data()[code] < LEAST_SHARE * fair) {
                // No two at one token, of which the second would have none again.
                int token = drawn < tokens ? order[drawn] : random.nextInt(tokens);
                drawn++;
                System.arraycopy(points.data(), token * width, vectors.data(), code * width, width);
                counts.data()[code] = fair;
            }
        }
    }

    /** Moves each code that has tokens towards their mean direction; tells how many it has. */
    private int[] move(float[] points, int[] codes, double decay) {
        int width = vectors.dimension(1);
        int[] numbers = new int[vectors.dimension(0)];
        float[] sums = new float[vectors.size()];
        for (int token = 0; token < codes.length; token++) {
            numbers[codes[token]]++;
            for (int i = 0; i < width; i++) {
                sums[codes[token] * width + i] += points[token * width + i];
            }
        }
        for (int code = 0; code < numbers.length; code++) {
            int at = code * width;
            if (numbers[code] == 0) {
                continue;
            }
            toUnit(sums, at, width);
            for (int i = at; i < at + width; i++) {
                float before = vectors.data()[i];
                vectors.data()[i] = (float) (decay * before + (1 - decay) * sums[i]);
            }
            toUnit(vectors.data(), at, width);
        }
        return numbers;
    }

    /** Scales a vector to unit length. */
    static void toUnit(float[] values, int from, int width) {
        double square = 0;
        for (int i = from; i < from + width; i++) {
            square += (double) values[i] * values[i];
        }
        double length = Math.max(Math.sqrt(square), SHORTEST);
        for (int i = from; i < from + width; i++) {
            values[i] = (float) (values[i] / length);
        }
    }
}
