/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Model bundles, the tensor graph and the engines that run it, and the contract of a model. Imports
 * no Flink; only this package and those below it import DJL.
 */
package io.thalamus.operators.inference;
