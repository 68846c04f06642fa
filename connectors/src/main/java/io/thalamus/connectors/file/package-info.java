/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Records to files that people and other programs read: JSON lines for every type, CSV for
 * forecasts, frames, scores, anomalies and annotations. Every number is printed so that it reads
 * back as the same bits, and the same record always as the same text.
 */
package io.thalamus.connectors.file;
