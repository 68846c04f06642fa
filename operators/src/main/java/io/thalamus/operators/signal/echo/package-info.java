/* SPDX-License-Identifier: Apache-2.0 */
/** Takes the echo of a loudspeaker out of a microphone, by adaptive filters. */
package io.thalamus.operators.signal.echo;
