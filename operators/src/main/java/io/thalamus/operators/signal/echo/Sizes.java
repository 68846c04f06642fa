/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.echo;

/**
 * What {@link LinearEcho} is in samples and blocks.
 *
 * @param hop samples of a block
 * @param partitions blocks that the response is long
 * @param delays blocks that the far end is delayed, at most
 */
record Sizes(int hop, int partitions, int delays) {

    /** Samples of a Fourier transform: a block and the one before. */
    int frame() {
        return 2 * hop;
    }

    int bins() {
        return hop + 1;
    }

    /** Spectra of the far end that are kept. */
    int spectra() {
        return partitions + delays;
    }
}
