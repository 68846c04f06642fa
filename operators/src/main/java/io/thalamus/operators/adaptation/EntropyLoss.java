/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/**
 * How unsure a classifier is, as a loss: the mean entropy of its classes over the samples that the
 * filter keeps, in nats, and its gradient by the logits (equations 3.1 to 3.4; Wang et al., "Tent",
 * ICLR 2021). The weights of the samples count as constants. Used by one thread, and allocates only
 * where a batch is larger than any before.
 */
public final class EntropyLoss {
    private final int classes;
    private final EntropyFilter filter;
    private double[] probabilities = new double[0];
    private double[] entropies = new double[0];
    private double[] gradient = new double[0];
    private int kept;
    private double loss;
    private double mean;

    public EntropyLoss(int classes, EntropyFilter filter) {
        this.classes = classes;
        this.filter = filter;
    }

    /**
     * Computes all that the other methods give, which hold until the next call. Their arrays are
     * this object's, and may be longer than the batch.
     *
     * @param logits {@code [samples, classes]}
     */
    public void measure(double[] logits, int samples) {
        if (entropies.length < samples) {
            probabilities = new double[samples * classes];
            gradient = new double[samples * classes];
            entropies = new double[samples];
        }
        System.arraycopy(logits, 0, probabilities, 0, samples * classes);
        kept = 0;
        loss = 0;
        mean = 0;
        for (int sample = 0; sample < samples; sample++) {
            int from = sample * classes;
            double logSum = Softmax.apply(probabilities, from, classes);
            double entropy = 0;
            for (int c = from; c < from + classes; c++) {
                entropy -= surprise(c, logits[c] - logSum);
            }
            entropies[sample] = entropy;
            mean += entropy;
            kept += filter.keeps(entropy) ? 1 : 0;
            loss += filter.weight(entropy) * entropy;
            for (int c = from; c < from + classes; c++) {
                double slope = surprise(c, logits[c] - logSum) + probabilities[c] * entropy;
                gradient[c] = -filter.weight(entropy) * slope;
            }
        }
        mean /= samples;
        if (kept > 0) {
            loss /= kept;
            for (int i = 0; i < samples * classes; i++) {
                gradient[i] /= kept;
            }
        }
    }

    /** p ln p, which is 0 for a class whose probability is too small for a number. */
    private double surprise(int index, double logarithm) {
        return probabilities[index] == 0 ? 0 : probabilities[index] * logarithm;
    }

    /** {@code [samples, classes]}. */
    public double[] probabilities() {
        return probabilities;
    }

    /** Of each sample, in nats. */
    public double[] entropies() {
        return entropies;
    }

    /** Of the loss by the logits, {@code [samples, classes]}; zeros if no sample was kept. */
    public double[] gradient() {
        return gradient;
    }

    /** How many samples the filter kept. */
    public int kept() {
        return kept;
    }

    /** The mean over the samples that were kept; 0 if none was. */
    public double loss() {
        return loss;
    }

    /** The mean entropy of all samples over the largest there can be, 0 to 1. */
    public double relative() {
        return mean / StrictMath.log(classes);
    }
}
