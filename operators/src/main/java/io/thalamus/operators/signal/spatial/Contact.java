/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A contact of an electrode shaft, by its channel's name: the shaft and then the contact's number,
 * counted along the shaft, such as {@code LA1}, {@code LA'12} or {@code EEG LA03}. A name that does
 * not end in a number, or is nothing else, is none of a contact.
 *
 * @param name the channel's name
 * @param channel the channel's index
 * @param before the contact whose number is one less, on the same shaft; null if there is none
 * @param after the contact whose number is one more; null if there is none
 */
record Contact(String name, int channel, Contact.Neighbour before, Contact.Neighbour after) {
    private static final Pattern NAME = Pattern.compile("(.*\\D)(\\d+)");

    /** A contact beside another. */
    record Neighbour(String name, int channel) {}

    /**
     * The contacts among a stream's channels: shaft by shaft, in the order in which the shafts come
     * first, and by their numbers on each.
     *
     * @param type the transform's name, for errors
     * @throws InvalidInputException if two channels are the same contact
     */
    static List<Contact> of(String type, StreamShape shape) {
        Map<String, TreeMap<BigInteger, Neighbour>> shafts = new LinkedHashMap<>();
        for (int channel = 0; channel < shape.channels().size(); channel++) {
            String name = shape.channels().get(channel);
            Matcher parts = NAME.matcher(name);
            if (parts.matches()) {
                Neighbour same =
                        shafts.computeIfAbsent(parts.group(1), shaft -> new TreeMap<>())
                                .put(new BigInteger(parts.group(2)), new Neighbour(name, channel));
                if (same != null) {
                    throw new InvalidInputException(
                            "%s: channels %s and %s are the same contact; leave one of them out"
                                    .formatted(type, same.name, name));
                }
            }
        }
        return shafts.values().stream()
                .flatMap(
                        shaft ->
                                shaft.entrySet().stream()
                                        .map(entry -> of(entry.getValue(), entry.getKey(), shaft)))
                .toList();
    }

    private static Contact of(Neighbour self, BigInteger number, Map<BigInteger, Neighbour> shaft) {
        return new Contact(
                self.name,
                self.channel,
                shaft.get(number.subtract(BigInteger.ONE)),
                shaft.get(number.add(BigInteger.ONE)));
    }

    /** The error for a stream of which no two channels lie beside one another. */
    static InvalidInputException noNeighbours(String type, StreamShape shape) {
        return new InvalidInputException(
                ("%s finds no two neighbouring contacts of a shaft, such as LA1 and LA2, among the"
                                + " channels %s; rename the channels before, or leave the step out")
                        .formatted(type, shape.channels()));
    }
}
