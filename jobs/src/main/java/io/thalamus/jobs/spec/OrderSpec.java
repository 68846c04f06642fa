/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

/**
 * What is done about disorder in a stream.
 *
 * @param reorder how many samples a frame may come after its place
 */
public record OrderSpec(int reorder) {}
