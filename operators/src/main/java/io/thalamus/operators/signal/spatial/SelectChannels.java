/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Picks channels, in the order in which they are named. A name may be a glob: {@code *} stands for
 * any characters, {@code ?} for one, and the channels that it fits come in the order of the stream.
 * A channel that several names fit comes once, where it is first named. Without memory or latency.
 *
 * @param channels names or globs, each of which must fit a channel
 */
public record SelectChannels(List<String> channels) implements SignalTransform {
    private static final String TYPE = "select-channels";

    public SelectChannels {
        channels = List.copyOf(channels);
        if (channels.isEmpty()) {
            throw new InvalidInputException("select-channels names no channel; name at least one");
        }
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        Set<Integer> picked = new LinkedHashSet<>();
        for (String wanted : channels) {
            picked.addAll(fitting(wanted, input.channels()));
        }
        return Derivation.of(
                TYPE,
                input,
                picked.stream()
                        .map(i -> new Derivation.Output(input.channels().get(i), i))
                        .toList());
    }

    private static List<Integer> fitting(String wanted, List<String> names) {
        // A channel may have a star in its own name, which then means that channel.
        int own = names.indexOf(wanted);
        if (own >= 0) {
            return List.of(own);
        }
        Pattern pattern =
                Pattern.compile(
                        wanted.chars()
                                .mapToObj(SelectChannels::expression)
                                .collect(Collectors.joining()),
                        Pattern.DOTALL);
        List<Integer> fitting =
                IntStream.range(0, names.size())
                        .filter(i -> pattern.matcher(names.get(i)).matches())
                        .boxed()
                        .toList();
        if (fitting.isEmpty()) {
            throw new InvalidInputException(
                    "select-channels: there is no channel %s; the channels are %s"
                            .formatted(wanted, names));
        }
        return fitting;
    }

    private static String expression(int character) {
        return switch (character) {
            case '*' -> ".*";
            case '?' -> ".";
            default -> Pattern.quote(Character.toString(character));
        };
    }
}
