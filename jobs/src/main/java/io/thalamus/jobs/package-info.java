/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Pipelines as Flink jobs: what a pipeline file describes is built here, from the parts of all
 * other modules. Names no model: those are found by the architecture that a bundle names.
 */
package io.thalamus.jobs;
