/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Du-IN (Zheng et al., NeurIPS 2024): words from depth electrodes. Patches of a few bipolar
 * channels become tokens by convolutions, which a transformer reads; a vector quantizer makes codes
 * of them. Imports no Flink and no DJL: windows in, records out, on the tensor graph.
 */
package io.thalamus.models.neural.duin;
