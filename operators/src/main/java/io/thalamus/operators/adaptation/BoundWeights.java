/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/**
 * Fast weights with the bundle that they are a difference to: with another they mean nothing.
 *
 * @param weights what a stream has learned
 * @param bundle the bundle's digest, {@value #DIGEST_BYTES} bytes in hexadecimal; empty where it
 *     was not noted
 */
public record BoundWeights(FastWeights weights, String bundle) {
    /** Of SHA-256. */
    public static final int DIGEST_BYTES = 32;
}
