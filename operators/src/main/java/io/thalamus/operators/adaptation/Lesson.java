/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What has come of one window.
 *
 * @param after what the stream knows now
 * @param incidents what happened to what it had learned, in order; mostly nothing
 * @param gate how far plasticity was open: 1 if nothing gates it, 0 if nothing was learned
 */
public record Lesson(FastWeights after, List<Incident> incidents, double gate) {

    public Lesson {
        incidents = List.copyOf(incidents);
    }

    /** Learned, and nothing to tell. */
    public static Lesson of(FastWeights after) {
        return new Lesson(after, List.of(), 1);
    }

    /** Nothing learned. */
    public static Lesson nothing(FastWeights before) {
        return new Lesson(before, List.of(), 0);
    }

    /** Back at the bundle's weights, with nothing remembered. */
    public static Lesson reset(String reason, double value) {
        return new Lesson(FastWeights.none(), List.of(Incident.reset(reason, value)), 0);
    }

    /** The same, with what a guard around the rule keeps of the stream beside the rule's own. */
    Lesson keeping(Map<String, float[]> more) {
        Map<String, float[]> memory = new HashMap<>(after.memory());
        memory.putAll(more);
        return new Lesson(after.withMemory(memory), incidents, gate);
    }
}
