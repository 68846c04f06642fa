/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Signals made worse on purpose, to see what a network makes of them: the common faults of
 * channels, sensors and rooms, each in five degrees.
 */
package io.thalamus.operators.signal.corruption;
