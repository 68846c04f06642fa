/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What mixes, picks and names the channels of a stream, sample by sample: references, montages,
 * selections. Without memory or latency, and in the data's own unit.
 */
package io.thalamus.operators.signal.spatial;
