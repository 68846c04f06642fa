/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.schemas.SignalFrame;

/**
 * One window, and what a network is to make of it.
 *
 * @param window the input, prepared as the deployed model gets it; a value that is missing is NaN
 * @param target what is wanted, in the units of the window: for a forecast {@code channels x
 *     horizon} values, for a reconstruction {@code channels x length}, for a classification the
 *     number of the class alone. NaN is not compared.
 */
public record TrainingExample(SignalFrame window, float[] target) {}
