/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Signals as sums of waves: transforms, windows, spectra, and what is done to a signal through
 * them. Only this package imports JTransforms.
 */
package io.thalamus.operators.signal.fourier;
