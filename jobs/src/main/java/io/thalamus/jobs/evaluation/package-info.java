/* SPDX-License-Identifier: Apache-2.0 */
/**
 * How good results are: the field's measures, and what results are compared with. Pure: nothing
 * here knows of Flink or of files.
 */
package io.thalamus.jobs.evaluation;
