/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The Flink side: order, segments, keyed state, windows and the operator that hosts every model.
 * The only place where state, time and keys are handled.
 */
package io.thalamus.operators.stream;
