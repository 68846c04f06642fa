/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Networks for sEEG: from electrodes to words. Imports no Flink and no DJL: windows in, records
 * out, on the tensor graph.
 */
package io.thalamus.models.neural;
