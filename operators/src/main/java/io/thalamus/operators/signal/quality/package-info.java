/* SPDX-License-Identifier: Apache-2.0 */
/** How good processed sound is, against what it should be; each measure as its paper has it. */
package io.thalamus.operators.signal.quality;
