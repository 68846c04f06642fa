/* SPDX-License-Identifier: Apache-2.0 */
/**
 * TimesNet (Wu et al., ICLR 2023): a series is folded along its own strongest periods into images,
 * which two-dimensional convolutions read. Imports no Flink and no DJL: windows in, records out, on
 * the tensor graph.
 */
package io.thalamus.models.timeseries.timesnet;
