/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Joins several streams on one clock into one of all their channels: an {@link
 * io.thalamus.operators.signal.alignment.Alignment} says how, an {@link
 * io.thalamus.operators.signal.alignment.Aligner} does it.
 */
package io.thalamus.operators.signal.alignment;
