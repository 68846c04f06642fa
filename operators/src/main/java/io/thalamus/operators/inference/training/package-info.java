/* SPDX-License-Identifier: Apache-2.0 */
/** What a network must offer to be trained, whatever its architecture. Knows no engine. */
package io.thalamus.operators.inference.training;
