/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.ControlCommand;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The commands to one stream, or to all, in the order of their times, each with a number by which
 * it came. A stream that knows up to which number and which time it has obeyed finds those that are
 * due without looking at the others.
 *
 * <p>No more than {@link #MOST} are kept. Beyond that the oldest goes that another of its sort
 * supersedes: one that freezes or unfreezes, resets, or rolls back. So which are kept depends on
 * which there were, not on the order in which they came.
 */
final class CommandLog {
    /** Commands that are kept. */
    static final int MOST = 1000;

    /** Of commands of one time, the last says what holds. */
    static final Comparator<ControlCommand> ORDER =
            Comparator.comparingLong(ControlCommand::effectiveNanos)
                    .thenComparing(ControlCommand::kind)
                    .thenComparing(ControlCommand::streamId)
                    .thenComparing(ControlCommand::argument);

    private static final ControlCommand.Kind FIRST = ControlCommand.Kind.values()[0];

    private final NavigableMap<ControlCommand, Long> numbers = new TreeMap<>(ORDER);
    private final NavigableMap<Long, ControlCommand> byNumber = new TreeMap<>();

    /** One with these commands, each with its number. */
    static CommandLog of(Iterable<Map.Entry<ControlCommand, Long>> numbered) {
        CommandLog log = new CommandLog();
        numbered.forEach(entry -> log.put(entry.getKey(), entry.getValue()));
        return log;
    }

    private void put(ControlCommand command, long number) {
        numbers.put(command, number);
        byNumber.put(number, command);
    }

    /** Takes a command in; false if it is there already. */
    boolean add(ControlCommand command) {
        if (numbers.containsKey(command)) {
            return false;
        }
        put(command, last() + 1);
        return true;
    }

    /** Drops the command that is too many, if there is one. */
    Optional<ControlCommand> shorten() {
        if (numbers.size() <= MOST) {
            return Optional.empty();
        }
        ControlCommand oldest =
                numbers.keySet().stream().filter(this::isSuperseded).findFirst().orElseThrow();
        byNumber.remove(numbers.remove(oldest));
        return Optional.of(oldest);
    }

    private boolean isSuperseded(ControlCommand command) {
        return numbers.tailMap(command, false).keySet().stream()
                .anyMatch(later -> sort(later.kind()) == sort(command.kind()));
    }

    /** The kinds of one sort make one another void. */
    private static ControlCommand.Kind sort(ControlCommand.Kind kind) {
        return kind == ControlCommand.Kind.UNFREEZE ? ControlCommand.Kind.FREEZE : kind;
    }

    boolean isEmpty() {
        return numbers.isEmpty();
    }

    /** The number of the command that came last; 0 if there is none. */
    long last() {
        return isEmpty() ? 0 : byNumber.lastKey();
    }

    /** The number of a command that is there. */
    long number(ControlCommand command) {
        return numbers.get(command);
    }

    /** Whether there is a command to obey; {@link #due} says which. */
    boolean hasDue(long number, long reached, long nanos) {
        if (isEmpty()) {
            return false;
        }
        // The latest first, as mostly there is none to come.
        return number < last()
                || numbers.lastKey().effectiveNanos() > reached
                        && after(reached).firstKey().effectiveNanos() <= nanos;
    }

    /**
     * What a stream has to obey, in its order: what is meant for a time that it has not reached
     * before, and what has come too late for that.
     *
     * @param number of the last command that was there when the stream last obeyed
     * @param reached the latest time that it had obeyed commands of
     * @param nanos until when commands are due
     */
    NavigableSet<ControlCommand> due(long number, long reached, long nanos) {
        NavigableSet<ControlCommand> due = new TreeSet<>(ORDER);
        for (ControlCommand command : after(reached).keySet()) {
            if (command.effectiveNanos() > nanos) {
                break;
            }
            due.add(command);
        }
        for (ControlCommand late : byNumber.tailMap(number, false).values()) {
            if (late.effectiveNanos() <= reached) {
                due.add(late);
            }
        }
        return due;
    }

    /** The last command to freeze or unfreeze until a time, which says what holds then. */
    Optional<ControlCommand> lastFreeze(long nanos) {
        return numbers.descendingKeySet().stream()
                .filter(command -> command.effectiveNanos() <= nanos)
                .filter(command -> sort(command.kind()) == ControlCommand.Kind.FREEZE)
                .findFirst();
    }

    private NavigableMap<ControlCommand, Long> after(long nanos) {
        return nanos == Long.MAX_VALUE
                ? Collections.emptyNavigableMap()
                : numbers.tailMap(new ControlCommand("", nanos + 1, FIRST, ""), true);
    }
}
