/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;

/**
 * What a transform step remembers of one stream: its state.
 *
 * @param segment the segment that the transform is in
 * @param shape the shape of that segment
 * @param state the transform's own memory, which it changes in place
 */
public record TransformMemory(int segment, StreamShape shape, TransformState state) {}
