/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a stream learns at test time, as pure functions of plain arrays. Imports no Flink, no DJL
 * and no other package of this module.
 */
package io.thalamus.operators.adaptation;
