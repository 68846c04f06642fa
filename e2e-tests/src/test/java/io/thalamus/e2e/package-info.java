/* SPDX-License-Identifier: Apache-2.0 */
/** Whole pipelines, as a user runs them: on real files, brokers and clusters. */
package io.thalamus.e2e;
