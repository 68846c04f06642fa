/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Signal processing on plain arrays with explicit state. Imports no Flink and no DJL; only this
 * package imports JTransforms.
 */
package io.thalamus.operators.signal;
