/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import java.util.Map;

/**
 * Settings that are passed on to a client as they are. Their values may be secret, so that none is
 * ever printed.
 */
public record Settings(Map<String, String> values) {
    public static final Settings NONE = new Settings(Map.of());

    public Settings {
        values = Map.copyOf(values);
    }

    @Override
    public String toString() {
        return values.isEmpty() ? "none" : values.keySet() + " (values not shown)";
    }
}
