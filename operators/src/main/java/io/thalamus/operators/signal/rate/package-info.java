/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What changes how many samples there are a second, and what reads a signal between its samples.
 */
package io.thalamus.operators.signal.rate;
