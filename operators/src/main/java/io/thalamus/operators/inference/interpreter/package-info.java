/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The interpreting back end: a graph run operation by operation on whichever DJL engine is there.
 * Uses DJL's engine-neutral interface alone, and knows no engine but by its name.
 */
package io.thalamus.operators.inference.interpreter;
