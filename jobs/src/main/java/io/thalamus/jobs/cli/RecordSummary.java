/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import java.util.List;

/**
 * What has been recorded; as JSON, an object with these fields.
 *
 * @param topic where frames came from
 * @param frames frames that were written
 * @param samples samples of them, each of all channels
 * @param annotations annotations that were written
 * @param deadLetters records of the topics that are no frames or annotations; the topics still hold
 *     them
 * @param seconds how long it took
 * @param outputs the files
 */
record RecordSummary(
        String topic,
        long frames,
        long samples,
        long annotations,
        long deadLetters,
        double seconds,
        List<String> outputs) {

    /** For people who look on. */
    static String progress(RecordSummary soFar, double seconds) {
        return "%,d frames  %,.0f samples/s".formatted(soFar.frames, soFar.samples / seconds);
    }

    /** For people. */
    String text() {
        Lines lines = new Lines();
        lines.add("topic", topic);
        lines.add("frames", "%,d".formatted(frames));
        lines.add("samples", "%,d in %.1f s".formatted(samples, seconds));
        lines.add("annotations", "%,d".formatted(annotations));
        lines.add("dead letters", "%,d records that are left out".formatted(deadLetters));
        outputs.forEach(file -> lines.add("output", file));
        return lines.toString();
    }
}
