/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

/** Names and values, one pair a line. */
final class Lines {
    private final StringBuilder text = new StringBuilder();

    void add(String name, String value) {
        text.append("%-13s %s%n".formatted(name, value));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
