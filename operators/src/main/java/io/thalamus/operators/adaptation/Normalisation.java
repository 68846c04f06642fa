/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/** By what a signal is centred and scaled before its gain and offset. */
public enum Normalisation {
    /** It is left as it is. */
    NONE,
    /** The statistics of the training. */
    SOURCE,
    /** Those of the batch, biased. Never where a batch has windows of several streams. */
    BATCH,
    /** Running ones, the batch included. */
    EMA
}
