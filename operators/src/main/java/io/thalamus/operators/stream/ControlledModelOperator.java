/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.GuardedPlasticity;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.schemas.ControlCommand;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.IOUtils;
import org.apache.flink.util.function.BiConsumerWithException;
import org.apache.flink.util.function.ThrowingConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model whose streams learn and take commands. The commands are its second input, broadcast.
 *
 * <p>A command takes effect at its event time: before the first window of a stream that ends then
 * or later. Windows wait, as state, until the second input's watermark is the last one, which says
 * that all commands which there were when the job started have been read. One that comes later than
 * windows that it is meant for takes effect at the stream's next window.
 *
 * <p>Commands are kept in a {@link CommandLog}: those to all streams in one that all tasks have, as
 * all get the same commands in the same order, and those to one stream in the state of that stream.
 * Each is obeyed once by each stream, however often it is sent. Those that are there for a window
 * are obeyed in the order of their event times; one that comes late is obeyed behind those that
 * were there before it. A stream that begins has no past to go back to: of what was commanded
 * before, it obeys what was last said of learning.
 *
 * <p>Which bundle judges a window is no matter of obeying: it is the one that {@link Swaps} has for
 * the end of the window. All that are kept of them are the commands.
 */
final class ControlledModelOperator<R extends WireRecord> extends ModelOperator<R>
        implements TwoInputStreamOperator<SignalFrame, CheckedCommand, R> {
    private static final MapStateDescriptor<ControlCommand, Long> TO_ALL =
            new MapStateDescriptor<>(
                    "commands-to-all", TypeInformation.of(ControlCommand.class), Types.LONG);
    private static final MapStateDescriptor<ControlCommand, Long> OWN =
            new MapStateDescriptor<>(
                    "own-commands", TypeInformation.of(ControlCommand.class), Types.LONG);
    private static final MapStateDescriptor<ControlCommand, CheckedCommand> SWAPS =
            new MapStateDescriptor<>(
                    "swaps",
                    TypeInformation.of(ControlCommand.class),
                    TypeInformation.of(CheckedCommand.class));
    private static final ValueStateDescriptor<Obedience> OBEDIENCE =
            new ValueStateDescriptor<>("obedience", TypeInformation.of(Obedience.class));
    private static final ListStateDescriptor<SignalFrame> HELD =
            new ListStateDescriptor<>("held", TypeInformation.of(SignalFrame.class));

    private static final String REMEDY =
            "put it back, or restart with the bundle that is to run as model.bundle";

    private static final Logger LOG = LoggerFactory.getLogger(ControlledModelOperator.class);

    private transient BroadcastState<ControlCommand, Long> toAll;
    private transient BroadcastState<ControlCommand, CheckedCommand> swapped;
    private transient MapState<ControlCommand, Long> own;
    private transient ValueState<Obedience> obedience;
    private transient ListState<SignalFrame> held;

    private transient CommandLog all;
    private transient Swaps swaps;

    /**
     * When the next command to it alone is due, by stream; of streams that have one. One that is
     * late is due at any time.
     */
    private transient Map<String, Long> nextOwn;

    /** Whether not all commands have been read yet that the windows at hand may have to obey. */
    private transient boolean listening;

    ControlledModelOperator(StreamOperatorParameters<R> parameters, ModelStep<R> step) {
        super(parameters, step);
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        toAll = context.getOperatorStateStore().getBroadcastState(TO_ALL);
        swapped = context.getOperatorStateStore().getBroadcastState(SWAPS);
    }

    @Override
    public void open() throws Exception {
        super.open();
        own = getRuntimeContext().getMapState(OWN);
        obedience = getRuntimeContext().getState(OBEDIENCE);
        held = getRuntimeContext().getListState(HELD);
        listening = true;
        all = CommandLog.of(toAll.immutableEntries());
        swaps = new Swaps(ownModel(), this::opened);
        List<CheckedCommand> kept = new ArrayList<>();
        swapped.immutableEntries().forEach(entry -> kept.add(entry.getValue()));
        for (CheckedCommand swap : kept) {
            forget(swaps.add(swap));
        }
        nextOwn = new HashMap<>();
        for (String stream : addressed()) {
            setCurrentKey(stream);
            expect(stream, CommandLog.of(own.entries()));
        }
    }

    /** The streams with commands of their own. */
    private List<String> addressed() {
        try (Stream<String> streams =
                this.<String>getKeyedStateBackend()
                        .getKeys(OWN.getName(), VoidNamespace.INSTANCE)) {
            return streams.distinct().toList();
        }
    }

    @Override
    public void processElement1(StreamRecord<SignalFrame> element) throws Exception {
        if (listening) {
            held.add(element.getValue());
        } else {
            processElement(element);
        }
    }

    @Override
    public void processElement2(StreamRecord<CheckedCommand> element) throws Exception {
        CheckedCommand checked = element.getValue();
        ControlCommand command = checked.command();
        if (command.kind() != ControlCommand.Kind.SWAP_BUNDLE) {
            keep(command);
        } else if (!swapped.contains(command)) {
            swapped.put(command, checked);
            forget(swaps.add(checked));
        }
    }

    private void forget(Optional<ControlCommand> swap) throws Exception {
        if (swap.isPresent()) {
            swapped.remove(swap.get());
        }
    }

    private OpenModel opened(CheckedCommand swap) throws Exception {
        ControlCommand command = swap.command();
        OpenModel opened;
        try {
            opened = opened(step().handle().with(command.argument()));
        } catch (InvalidInputException e) {
            throw new InvalidInputException(
                    "the bundle that a command has swapped in cannot be opened (%s); %s"
                            .formatted(e.getMessage(), REMEDY),
                    e);
        }
        if (!opened.digest().equals(swap.bundle())) {
            opened.close();
            throw new InvalidInputException(
                    "%s is no longer the bundle that a command has swapped in: its sha256 was %s and is %s; %s"
                            .formatted(command.argument(), swap.bundle(), opened.digest(), REMEDY));
        }
        LOG.info("{}: opened {}, which a command has swapped in", step().id(), command.argument());
        return opened;
    }

    private void keep(ControlCommand command) throws Exception {
        String stream = command.streamId();
        if (stream.equals(ControlCommand.ALL_STREAMS)) {
            keep(command, all, toAll::put, toAll::remove);
        } else if (isOurs(stream)) {
            setCurrentKey(stream);
            CommandLog log = CommandLog.of(own.entries());
            if (keep(command, log, own::put, own::remove)) {
                expect(stream, log);
            }
        }
    }

    /** Takes a command into a log and the state that it lies in; false if it is there already. */
    private static boolean keep(
            ControlCommand command,
            CommandLog log,
            BiConsumerWithException<ControlCommand, Long, Exception> put,
            ThrowingConsumer<ControlCommand, Exception> remove)
            throws Exception {
        if (!log.add(command)) {
            return false;
        }
        put.accept(command, log.number(command));
        Optional<ControlCommand> dropped = log.shorten();
        if (dropped.isPresent()) {
            remove.accept(dropped.get());
        }
        return true;
    }

    private boolean isOurs(String stream) {
        TaskInfo task = getRuntimeContext().getTaskInfo();
        return task.getIndexOfThisSubtask()
                == KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        stream,
                        task.getMaxNumberOfParallelSubtasks(),
                        task.getNumberOfParallelSubtasks());
    }

    /** Notes when the current stream has to look at its own commands next. */
    private void expect(String stream, CommandLog log) throws Exception {
        Obedience known = obedience.value();
        Obedience from = known == null ? Obedience.NONE : known;
        NavigableSet<ControlCommand> next =
                log.due(from.own(), from.reachedNanos(), Long.MAX_VALUE);
        if (next.isEmpty()) {
            nextOwn.remove(stream);
        } else {
            long first = next.first().effectiveNanos();
            nextOwn.put(stream, first <= from.reachedNanos() ? Long.MIN_VALUE : first);
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        super.processWatermark(mark);
        swaps.closeBefore(TimeUnit.MILLISECONDS.toNanos(mark.getTimestamp()));
    }

    @Override
    public void close() throws Exception {
        IOUtils.closeAll(swaps, super::close);
    }

    @Override
    OpenModel modelFor(SignalFrame window) throws Exception {
        return swaps.at(window.endNanos());
    }

    @Override
    public void processWatermark2(Watermark mark) throws Exception {
        if (mark.equals(Watermark.MAX_WATERMARK)) {
            goOn();
        }
        super.processWatermark2(mark);
    }

    private void goOn() throws Exception {
        listening = false;
        List<SignalFrame> free = new ArrayList<>();
        getKeyedStateBackend()
                .applyToAllKeys(
                        VoidNamespace.INSTANCE,
                        VoidNamespaceSerializer.INSTANCE,
                        HELD,
                        (stream, windows) -> {
                            windows.get().forEach(free::add);
                            windows.clear();
                        });
        for (SignalFrame window : free) {
            setCurrentKey(window.streamId());
            processElement(new StreamRecord<>(window));
        }
    }

    @Override
    FastWeights obeying(SignalFrame window, OpenModel with, FastWeights before) throws Exception {
        String stream = window.streamId();
        long until = window.endNanos();
        Obedience known = obedience.value();
        boolean hasOwn = nextOwn.getOrDefault(stream, Long.MAX_VALUE) <= until;
        if (known != null && !hasOwn && !all.hasDue(known.ofAll(), known.reachedNanos(), until)) {
            return before;
        }
        CommandLog ofStream = hasOwn ? CommandLog.of(own.entries()) : new CommandLog();
        FastWeights after = before;
        for (ControlCommand command : due(known, before, ofStream, until)) {
            Lesson lesson = lesson(command, with.plasticity(), after);
            after = lesson.after();
            tell(window, with, lesson.incidents());
        }
        Obedience from = known == null ? Obedience.NONE : known;
        obedience.update(
                new Obedience(
                        all.last(),
                        hasOwn ? ofStream.last() : from.own(),
                        Math.max(from.reachedNanos(), until)));
        if (hasOwn) {
            expect(stream, ofStream);
        }
        return after;
    }

    private Collection<ControlCommand> due(
            Obedience known, FastWeights before, CommandLog ofStream, long until) throws Exception {
        if (known == null && !hasPast()) {
            return Stream.of(all, ofStream)
                    .flatMap(log -> log.lastFreeze(until).stream())
                    .max(CommandLog.ORDER)
                    .filter(
                            command ->
                                    command.kind() == ControlCommand.Kind.FREEZE
                                            || !before.memory().isEmpty())
                    .stream()
                    .toList();
        }
        Obedience from = known == null ? Obedience.NONE : known;
        NavigableSet<ControlCommand> due = all.due(from.ofAll(), from.reachedNanos(), until);
        due.addAll(ofStream.due(from.own(), from.reachedNanos(), until));
        return due;
    }

    private static Lesson lesson(
            ControlCommand command, GuardedPlasticity plasticity, FastWeights before) {
        return switch (command.kind()) {
            case FREEZE -> plasticity.freeze(before, true);
            case UNFREEZE -> plasticity.freeze(before, false);
            case RESET -> plasticity.reset(before);
            case ROLL_BACK -> plasticity.rollBack(before, CommandCheck.snapshotUntil(command));
            case SWAP_BUNDLE -> throw new IllegalStateException("kept apart: " + command);
        };
    }
}
