/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Gives channels other names; those that are not mentioned keep theirs. Two channels may change
 * names with one another. Without memory or latency.
 *
 * @param names the new name for each old one, which the stream must have
 */
public record RenameChannels(Map<String, String> names) implements SignalTransform {
    private static final String TYPE = "rename-channels";

    public RenameChannels {
        names = Map.copyOf(names);
        if (names.isEmpty()) {
            throw new InvalidInputException("rename-channels names no channel; name at least one");
        }
        // In the order of the names, so that the same mistake is told in the same words.
        new TreeMap<>(names)
                .forEach(
                        (before, after) -> {
                            if (after.isBlank()) {
                                throw new InvalidInputException(
                                        "rename-channels: the new name of %s is empty; give a name"
                                                .formatted(before));
                            }
                        });
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        List<String> before = input.channels();
        for (String name : new TreeMap<>(names).keySet()) {
            if (!before.contains(name)) {
                throw new InvalidInputException(
                        "rename-channels: there is no channel %s; the channels are %s"
                                .formatted(name, before));
            }
        }
        return Derivation.of(
                TYPE,
                input,
                IntStream.range(0, before.size())
                        .mapToObj(
                                i ->
                                        new Derivation.Output(
                                                names.getOrDefault(before.get(i), before.get(i)),
                                                i))
                        .toList());
    }
}
