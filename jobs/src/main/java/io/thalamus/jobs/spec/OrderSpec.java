/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.stream.SegmentFunction.Gap;

/**
 * What is done about disorder in a stream.
 *
 * @param reorder how many samples a frame may come after its place
 * @param gap what is done where samples are lost
 */
public record OrderSpec(int reorder, Gap gap) {}
