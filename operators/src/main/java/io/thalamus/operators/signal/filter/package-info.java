/* SPDX-License-Identifier: Apache-2.0 */
/** Linear filters: recursive ones as second-order sections, and those of finite response. */
package io.thalamus.operators.signal.filter;
