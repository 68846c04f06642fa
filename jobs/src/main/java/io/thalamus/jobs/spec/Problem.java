/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

/**
 * One mistake in a pipeline.
 *
 * @param path where it is, such as {@code transforms[1].type}
 * @param line the line of the file, counted from one; 0 if the value was given with {@code --set}
 * @param message what is wrong and what would be right
 */
public record Problem(String path, int line, String message) {

    @Override
    public String toString() {
        String place = line == 0 ? "--set" : "line " + line;
        return path.isEmpty() ? place + ": " + message : place + ": " + path + ": " + message;
    }
}
