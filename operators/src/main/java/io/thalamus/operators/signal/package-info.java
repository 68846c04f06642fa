/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Signal processing in pure Java. A {@link io.thalamus.operators.signal.SignalTransform} describes
 * what is done, a {@link io.thalamus.operators.signal.PreparedTransform} does it to blocks of
 * float64 samples, a {@link io.thalamus.operators.signal.FrameTransform} to frames, and a {@link
 * io.thalamus.operators.signal.SignalChain} to arrays; the transforms themselves are in the
 * packages below. Imports no Flink and no DJL.
 */
package io.thalamus.operators.signal;
