/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.util.List;

/**
 * What the source's coordinator keeps in a checkpoint.
 *
 * @param found whether the recordings have been looked for; they are looked for once
 * @param splits the recordings that no reader has yet
 */
public record UnassignedRecordings(boolean found, List<RecordingSplit> splits) {}
