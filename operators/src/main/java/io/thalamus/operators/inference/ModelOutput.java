/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

/**
 * What a model makes of one element of a batch.
 *
 * @param values the network's output, in the order the model documents
 * @param state what the stream's next window needs
 */
public record ModelOutput(float[] values, CarriedState state) {}
