/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.inference.CarriedState;

/**
 * What a model carries from one window of a stream to the next: keyed state.
 *
 * @param segment the segment that the state comes from
 * @param state what its last window left behind
 */
public record ModelMemory(int segment, CarriedState state) {}
