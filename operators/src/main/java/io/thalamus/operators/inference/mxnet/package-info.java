/* SPDX-License-Identifier: Apache-2.0 */
/** The compiled back end: the only package that knows MXNet's operators and its native library. */
package io.thalamus.operators.inference.mxnet;
