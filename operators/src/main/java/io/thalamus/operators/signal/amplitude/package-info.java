/* SPDX-License-Identifier: Apache-2.0 */
/** What changes each channel's values by themselves: scales, units, limits, envelopes. */
package io.thalamus.operators.signal.amplitude;
