/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

/**
 * An unbroken stretch of a stream: what was anomalous, and what a detector made of it.
 *
 * @param truth which samples are anomalous. Not to be modified
 * @param scores how unusual each sample is; no NaN. Not to be modified
 * @param found which samples were taken for anomalous. Not to be modified
 */
public record LabelledScores(boolean[] truth, float[] scores, boolean[] found) {

    public LabelledScores {
        if (truth.length != scores.length || truth.length != found.length) {
            throw new IllegalArgumentException(
                    "%d labels, %d scores and %d answers of one stretch"
                            .formatted(truth.length, scores.length, found.length));
        }
        for (float score : scores) {
            if (Float.isNaN(score)) {
                throw new IllegalArgumentException("a sample without a score is of no stretch");
            }
        }
    }
}
