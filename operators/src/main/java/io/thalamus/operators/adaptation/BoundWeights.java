/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/**
 * Fast weights with the bundle that they are a difference to, and the preset that they were learned
 * by: with others they mean nothing.
 *
 * @param weights what a stream has learned
 * @param bundle the bundle's digest, {@value #DIGEST_BYTES} bytes in hexadecimal; empty where it
 *     was not noted
 * @param preset as {@code adaptation.preset} has it; empty where it was not noted
 */
public record BoundWeights(FastWeights weights, String bundle, String preset) {
    /** Of SHA-256. */
    public static final int DIGEST_BYTES = 32;

    /** Of which it was not noted what preset they were learned by. */
    public BoundWeights(FastWeights weights, String bundle) {
        this(weights, bundle, "");
    }

    /** The most bytes that they take in a checkpoint: exactly these where all is noted. */
    public int bytes() {
        return FastWeightsFormat.size(this);
    }
}
