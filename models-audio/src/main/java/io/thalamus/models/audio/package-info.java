/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Networks for audio: echo cancellation and speech separation. Imports no Flink and no DJL: frames
 * in, frames out, on the tensor graph.
 */
package io.thalamus.models.audio;
