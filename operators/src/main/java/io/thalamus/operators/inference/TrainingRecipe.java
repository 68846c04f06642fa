/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How networks of an architecture are made and trained for a task, unless the user says otherwise.
 *
 * @param configuration the fields of {@code config.json} that say what the network is, and {@code
 *     inputs} and {@code tolerance} for its cases
 * @param batch windows of a step of the optimiser
 * @param epochs passes over the training windows at most
 * @param patience epochs without a smaller validation loss after which the training ends
 * @param learningRate of the first epoch
 * @param schedule how the rate goes on
 */
public record TrainingRecipe(
        ObjectNode configuration,
        int batch,
        int epochs,
        int patience,
        double learningRate,
        RateSchedule schedule) {}
