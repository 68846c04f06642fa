/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What travels between operators and on topics: immutable records, their Avro schemas, the one
 * converter between the two, and the wire format. Imports Avro and nothing of Flink.
 */
package io.thalamus.schemas;
