/* SPDX-License-Identifier: Apache-2.0 */
/** Measurements, run by hand; nothing here is part of the product. See the README beside it. */
package io.thalamus.benchmarks;
