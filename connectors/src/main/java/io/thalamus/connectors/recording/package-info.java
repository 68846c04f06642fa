/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Recordings as streams. One source reads every kind of recording: {@link
 * io.thalamus.connectors.recording.RecordedSource} finds the files, plays them at the wanted pace
 * and keeps the position in each; a {@link io.thalamus.connectors.recording.RecordingFormat} knows
 * what is in a file. A format gives the same records whatever position it is opened at, so a replay
 * that is killed and restored gives what an undisturbed one gives.
 */
package io.thalamus.connectors.recording;
