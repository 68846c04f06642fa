/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Runs the cases that bundles bring with them, and says how far a model is from its reference.
 * Knows no model and no engine but by its contract.
 */
package io.thalamus.operators.inference.verification;
