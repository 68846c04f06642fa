/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.schemas.SignalFrame;

/**
 * One element of a batch: everything that its result may depend on.
 *
 * @param window the input, of the signature's length
 * @param state what the stream's last window left behind; empty at the start of a segment
 * @param fastWeights what the stream has learned
 */
public record ModelInput(SignalFrame window, CarriedState state, FastWeights fastWeights) {}
