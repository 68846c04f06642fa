/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.alignment;

/**
 * Where a point of the common clock lies in a run, exactly but for where the first one lies: at
 * {@code sample + rest / outputs + offset} samples after the run's first, where {@code outputs} is
 * that of the ratio of the rates.
 *
 * @param sample whole samples
 * @param rest parts of a sample
 * @param offset how far the run's first point lies after the sample before it, in samples
 */
public record Position(long sample, long rest, double offset) {}
