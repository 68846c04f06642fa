/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import io.thalamus.operators.adaptation.ChannelStatistics;
import io.thalamus.operators.adaptation.Moments;
import io.thalamus.operators.adaptation.Normalisation;
import io.thalamus.operators.adaptation.SurpriseGate;

/**
 * What a stream knows of a layer that learns, and of the modulator behind it.
 *
 * @param weights of the layer, {@code [neurons, patch]}. No array is to be modified
 * @param modulator a gain for each neuron, then an offset for each
 * @param moments of the optimiser that moves the modulator
 * @param statistics by which the layer's output is normalised; null for {@link Normalisation#NONE}
 *     and {@link Normalisation#BATCH}
 * @param level of the error that opens plasticity
 */
record ModulatedLayer(
        float[] weights,
        float[] modulator,
        Moments moments,
        ChannelStatistics statistics,
        SurpriseGate.Level level) {}
