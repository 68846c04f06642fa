/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/**
 * Which samples a classifier learns from: those that it is sure enough of (Niu et al., "Efficient
 * Test-Time Model Adaptation without Forgetting", ICML 2022).
 *
 * @param limit the entropy, in nats, that a sample must be below
 * @param weighted whether a sample counts by {@code exp(limit - entropy)}; otherwise all count the
 *     same
 */
public record EntropyFilter(double limit, boolean weighted) {
    /** All samples, whatever their entropy. */
    public static final EntropyFilter NONE = new EntropyFilter(Double.POSITIVE_INFINITY, false);

    /** Those below a share of the largest entropy that there can be. */
    public static EntropyFilter below(double share, int classes, boolean weighted) {
        return new EntropyFilter(share * StrictMath.log(classes), weighted);
    }

    /** Whether a sample of this entropy is learned from. */
    public boolean keeps(double entropy) {
        return entropy < limit;
    }

    /** What a sample of this entropy counts; nothing if it is not learned from. */
    public double weight(double entropy) {
        if (!keeps(entropy)) {
            return 0;
        }
        return weighted ? StrictMath.exp(limit - entropy) : 1;
    }
}
