/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.checkpoint;

/**
 * Values in a row, which lie elsewhere in the file, and which one tensor or several look at.
 *
 * @param type of the values
 * @param key where they lie
 * @param size how many there are said to be
 */
record Storage(StorageType type, String key, long size) {}
