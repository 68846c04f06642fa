/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Frames from Kafka topics, and records of any type to them, in the wire format of {@link
 * io.thalamus.schemas.WireFormat}. Nothing that lies on a topic can stop a job: what is no frame
 * becomes a dead letter. Everything that decides about delivery is set here and nowhere else.
 */
package io.thalamus.connectors.kafka;
