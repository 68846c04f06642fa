/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A value of a pipeline file, with the place where it stands. */
sealed interface YamlNode {

    Place place();

    /** The value as an error message shows it. */
    String shown();

    /**
     * Where a value stands.
     *
     * @param line the line, counted from one; 0 for a value from the command line
     * @param folder the folder that a relative path starts from: the file's own, or the working
     *     directory for a value from the command line
     */
    record Place(int line, Path folder) {}

    /** Keys and values; the map can be edited, which is how overrides are applied. */
    record Mapping(Place place, Map<String, YamlNode> entries) implements YamlNode {
        @Override
        public String shown() {
            return "a group of keys";
        }
    }

    /** A list; it can be edited, as a mapping can. */
    record Sequence(Place place, List<YamlNode> items) implements YamlNode {
        @Override
        public String shown() {
            return "a list";
        }
    }

    /** A text, number or truth value, as it was written. */
    record Scalar(Place place, String text) implements YamlNode {
        @Override
        public String shown() {
            return "'" + text + "'";
        }
    }

    /** A key without a value: as if the key were absent. */
    record Nothing(Place place) implements YamlNode {
        @Override
        public String shown() {
            return "nothing";
        }
    }
}
