/* SPDX-License-Identifier: Apache-2.0 */
/**
 * From scores to anomalies: {@link io.thalamus.operators.signal.detection.ThresholdRule}s decide
 * which score is too high, and a {@link io.thalamus.operators.signal.detection.Detection} makes
 * events of the scores above.
 */
package io.thalamus.operators.signal.detection;
