/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What came of one pass over the training windows.
 *
 * @param epoch counted from 1
 * @param learningRate the step of the optimiser
 * @param training the mean loss of the windows learned from, each before the step it had a part in
 * @param validation the mean loss over all validation windows
 * @param codes how the network tells the validation windows by codes; null if it does not
 */
public record Epoch(
        int epoch,
        double learningRate,
        double training,
        double validation,
        @JsonInclude(JsonInclude.Include.NON_NULL) CodeUse codes) {}
