/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

/**
 * How far a stream has obeyed its commands: all those of at most these numbers and this time.
 *
 * @param ofAll the number of the last command to all streams that it has looked at
 * @param own the number of the last command to it alone that it has looked at
 * @param reachedNanos the end of the latest window at which it looked
 */
public record Obedience(long ofAll, long own, long reachedNanos) {
    /** Of a stream that has obeyed nothing. */
    static final Obedience NONE = new Obedience(0, 0, Long.MIN_VALUE);
}
