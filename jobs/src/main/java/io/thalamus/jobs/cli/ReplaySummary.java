/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

/**
 * What was published; as JSON, an object with these fields.
 *
 * @param recording where the recordings lie
 * @param topic where their frames went
 * @param frames frames that were published
 * @param annotations annotations that were published
 * @param deadLetters pieces of the recordings that cannot be used
 * @param seconds how long it took
 */
record ReplaySummary(
        String recording,
        String topic,
        long frames,
        long annotations,
        long deadLetters,
        double seconds) {

    static ReplaySummary of(String recording, String topic, RunMetrics metrics, double seconds) {
        return new ReplaySummary(
                recording,
                topic,
                metrics.published(),
                metrics.annotations(),
                metrics.refused(),
                seconds);
    }

    /** For people who look on. */
    static String progress(RunMetrics metrics, double seconds) {
        return "%,d frames  %,.0f frames/s"
                .formatted(metrics.published(), metrics.published() / seconds);
    }

    /** For people. */
    String text() {
        Lines lines = new Lines();
        lines.add("recording", recording);
        lines.add("topic", topic);
        lines.add("frames", "%,d in %.1f s".formatted(frames, seconds));
        lines.add("annotations", "%,d".formatted(annotations));
        lines.add("dead letters", "%,d pieces that cannot be used".formatted(deadLetters));
        return lines.toString();
    }
}
