/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Reads what PyTorch has saved, without PyTorch and without running anything: a pickle is a program
 * that calls what it names, so that only the few instructions and names are known that stand in a
 * dictionary of weights, and nothing is ever called.
 */
package io.thalamus.operators.inference.checkpoint;
