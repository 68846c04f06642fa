/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Reports of runs: one HTML file that needs nothing else, made of pages with pictures. Knows files
 * and numbers, no Flink.
 */
package io.thalamus.jobs.report;
