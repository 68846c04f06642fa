/* SPDX-License-Identifier: Apache-2.0 */
/**
 * How streams enter and leave. What a source could read is a frame or an annotation, what it could
 * not read is a dead letter; they travel together as {@link io.thalamus.connectors.Received} until
 * {@link io.thalamus.connectors.Ingest} parts them. Imports schemas and Flink, never a model.
 */
package io.thalamus.connectors;
