/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The pipeline file: its keys, how it is read, and what is said of its mistakes. Knows nothing of
 * how a pipeline is built.
 */
package io.thalamus.jobs.spec;
