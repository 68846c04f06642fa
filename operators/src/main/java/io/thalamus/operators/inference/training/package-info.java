/* SPDX-License-Identifier: Apache-2.0 */
/** What networks of every architecture learn with. */
package io.thalamus.operators.inference.training;
