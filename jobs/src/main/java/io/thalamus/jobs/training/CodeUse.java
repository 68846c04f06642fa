/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import java.util.HashMap;
import java.util.Map;

/**
 * How a network uses its codes: the less, the less they tell.
 *
 * @param different codes that occur
 * @param perplexity how many codes of equal shares would be as hard to guess, {@code exp(-sum p ln
 *     p)} over the codes' shares
 */
public record CodeUse(int different, double perplexity) {

    /** The codes of many windows, counted. */
    static final class Count {
        private final Map<Integer, Integer> counts = new HashMap<>();
        private long all;

        void add(int[] codes) {
            for (int code : codes) {
                counts.merge(code, 1, Integer::sum);
            }
            all += codes.length;
        }

        /** How they are used; null if there were none. */
        CodeUse use() {
            if (all == 0) {
                return null;
            }
            double entropy = 0;
            for (int count : counts.values()) {
                double share = (double) count / all;
                entropy -= share * StrictMath.log(share);
            }
            return new CodeUse(counts.size(), StrictMath.exp(entropy));
        }
    }
}
