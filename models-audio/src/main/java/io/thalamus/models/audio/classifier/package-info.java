/* SPDX-License-Identifier: Apache-2.0 */
/** Classifies windows of features, such as log-mel bands, by a convolutional network over time. */
package io.thalamus.models.audio.classifier;
