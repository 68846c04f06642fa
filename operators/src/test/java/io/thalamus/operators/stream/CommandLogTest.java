/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.schemas.ControlCommand;
import io.thalamus.schemas.ControlCommand.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CommandLogTest {

    private static ControlCommand command(long nanos, Kind kind) {
        return new ControlCommand("*", nanos, kind, "");
    }

    private static List<ControlCommand> kept(Iterable<ControlCommand> commands) {
        CommandLog log = new CommandLog();
        for (ControlCommand command : commands) {
            log.add(command);
            log.shorten();
        }
        return new ArrayList<>(log.due(0, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    /** Commands come and time goes on, now and then back, in any order. */
    @Property(tries = 200)
    void eachIsDueOnceAsIfAllHadBeenLookedAt(@ForAll long seed) {
        Random random = new Random(seed);
        CommandLog log = new CommandLog();
        Set<ControlCommand> there = new LinkedHashSet<>();
        Set<ControlCommand> obeyed = new HashSet<>();
        long number = 0;
        long reached = Long.MIN_VALUE;
        for (int step = 0; step < 100; step++) {
            if (random.nextBoolean()) {
                ControlCommand command =
                        command(random.nextInt(50), Kind.values()[random.nextInt(4)]);
                assertThat(log.add(command)).isEqualTo(there.add(command));
                continue;
            }
            long now = step / 2 - random.nextInt(8);
            long latest = Math.max(reached, now);
            List<ControlCommand> due = new ArrayList<>();
            for (ControlCommand command : there) {
                if (command.effectiveNanos() <= latest && !obeyed.contains(command)) {
                    due.add(command);
                }
            }
            due.sort(CommandLog.ORDER);
            assertThat(log.due(number, reached, now)).containsExactlyElementsOf(due);
            if (!due.isEmpty()) {
                assertThat(log.hasDue(number, reached, now)).isTrue();
            }
            obeyed.addAll(due);
            number = log.last();
            reached = latest;
        }
    }

    /** Of a thousand in all, the newest, and of what came before the last of each sort. */
    @Test
    void keepsAThousandWhateverTheOrderThatTheyComeIn() {
        List<ControlCommand> commands = new ArrayList<>();
        commands.add(command(1, Kind.ROLL_BACK));
        commands.add(command(2, Kind.ROLL_BACK));
        commands.add(command(3, Kind.RESET));
        for (int i = 0; i < 3000; i++) {
            commands.add(command(10 + i, i % 2 == 0 ? Kind.FREEZE : Kind.UNFREEZE));
        }
        List<ControlCommand> expected = new ArrayList<>(commands.subList(1, 3));
        expected.addAll(commands.subList(commands.size() - 998, commands.size()));
        assertThat(kept(commands)).isEqualTo(expected);
        for (int seed = 0; seed < 5; seed++) {
            Collections.shuffle(commands, new Random(seed));
            assertThat(kept(commands)).isEqualTo(expected);
        }
    }

    @Test
    void whatIsDroppedForAnotherHasNoNumberThatComesAgain() {
        CommandLog log = new CommandLog();
        for (int i = 0; i < CommandLog.MOST; i++) {
            log.add(command(100 + i, Kind.FREEZE));
        }
        long last = log.last();
        assertThat(log.add(command(5, Kind.UNFREEZE))).isTrue();
        assertThat(log.shorten()).contains(command(5, Kind.UNFREEZE));
        assertThat(log.last()).isEqualTo(last);
        assertThat(log.hasDue(last, 5000, 6000)).isFalse();
        assertThat(log.add(command(6000, Kind.UNFREEZE))).isTrue();
        assertThat(log.shorten()).contains(command(100, Kind.FREEZE));
        assertThat(log.last()).isEqualTo(last + 1);
    }

    @Test
    void tellsWhatWasLastSaidOfLearning() {
        CommandLog log = new CommandLog();
        assertThat(log.lastFreeze(Long.MAX_VALUE)).isEmpty();
        log.add(command(1, Kind.FREEZE));
        log.add(command(2, Kind.RESET));
        log.add(command(3, Kind.UNFREEZE));
        assertThat(log.lastFreeze(0)).isEmpty();
        assertThat(log.lastFreeze(2)).contains(command(1, Kind.FREEZE));
        assertThat(log.lastFreeze(3)).contains(command(3, Kind.UNFREEZE));
    }
}
