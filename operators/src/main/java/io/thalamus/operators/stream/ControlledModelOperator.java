/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.GuardedPlasticity;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.schemas.ControlCommand;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import io.thalamus.schemas.WireRecord;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * A model whose streams learn and take commands. The commands are its second input, broadcast.
 *
 * <p>A command takes effect at its event time: before the first window of a stream that ends then
 * or later. Windows wait, as state, until the second input's watermark is the last one, which says
 * that all commands which there were when the job started have been read. One that comes later than
 * windows that it is meant for takes effect at the stream's next window.
 *
 * <p>Commands are kept for streams that are yet to come. Each is obeyed once by each stream,
 * however often it is sent. Those that are there for a window are obeyed in the order of their
 * event times; one that comes late is obeyed behind those that were there before it.
 */
final class ControlledModelOperator<R extends WireRecord> extends ModelOperator<R>
        implements TwoInputStreamOperator<SignalFrame, ControlCommand, R> {
    private static final MapStateDescriptor<ControlCommand, Boolean> COMMANDS =
            new MapStateDescriptor<>(
                    "commands", TypeInformation.of(ControlCommand.class), Types.BOOLEAN);
    private static final MapStateDescriptor<ControlCommand, Boolean> OBEYED =
            new MapStateDescriptor<>(
                    "obeyed", TypeInformation.of(ControlCommand.class), Types.BOOLEAN);
    private static final ListStateDescriptor<SignalFrame> HELD =
            new ListStateDescriptor<>("held", TypeInformation.of(SignalFrame.class));

    /** Of commands of one time, the last says what holds. */
    private static final Comparator<ControlCommand> ORDER =
            Comparator.comparingLong(ControlCommand::effectiveNanos)
                    .thenComparing(ControlCommand::kind)
                    .thenComparing(ControlCommand::streamId)
                    .thenComparing(ControlCommand::argument);

    private transient BroadcastState<ControlCommand, Boolean> commands;
    private transient MapState<ControlCommand, Boolean> obeyed;
    private transient ListState<SignalFrame> held;

    /** Whether not all commands have been read yet that the windows at hand may have to obey. */
    private transient boolean listening;

    ControlledModelOperator(StreamOperatorParameters<R> parameters, ModelStep<R> step) {
        super(parameters, step);
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        commands = context.getOperatorStateStore().getBroadcastState(COMMANDS);
    }

    @Override
    public void open() throws Exception {
        super.open();
        obeyed = getRuntimeContext().getMapState(OBEYED);
        held = getRuntimeContext().getListState(HELD);
        listening = true;
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
    public void processElement2(StreamRecord<ControlCommand> element) throws Exception {
        ControlCommand command = element.getValue();
        Optional<String> objection = objectionTo(command);
        if (objection.isPresent()) {
            refuse(command, objection.get());
        } else {
            commands.put(command, true);
        }
    }

    private static Optional<String> objectionTo(ControlCommand command) {
        if (command.kind() == ControlCommand.Kind.SWAP_BUNDLE) {
            return Optional.of(
                    "a bundle is swapped by a restart from a savepoint, behind a RESET of all"
                            + " streams");
        }
        if (command.kind() == ControlCommand.Kind.ROLL_BACK) {
            try {
                snapshotUntil(command);
            } catch (DateTimeException | ArithmeticException e) {
                return Optional.of(
                        "'%s' is no time such as 2026-01-31T12:00:00Z; give one that a state was"
                                        .formatted(command.argument())
                                + " kept at or before, or nothing for the newest");
            }
        }
        return Optional.empty();
    }

    private static long snapshotUntil(ControlCommand command) {
        return command.argument().isEmpty()
                ? Long.MAX_VALUE
                : ChronoUnit.NANOS.between(Instant.EPOCH, Instant.parse(command.argument()));
    }

    private void refuse(ControlCommand command, String reason) {
        // Every task is told; one tells of it.
        if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
            refuse(
                    new DeadLetter(
                            command.streamId(),
                            0,
                            0,
                            command.effectiveNanos(),
                            step(),
                            "unfit command",
                            reason,
                            WireFormat.encode(command)),
                    Math.floorDiv(command.effectiveNanos(), 1_000_000));
        }
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
    FastWeights obeying(SignalFrame window, FastWeights before) throws Exception {
        List<ControlCommand> due = new ArrayList<>();
        for (Map.Entry<ControlCommand, Boolean> entry : commands.immutableEntries()) {
            ControlCommand command = entry.getKey();
            boolean isMeant =
                    command.streamId().equals(ControlCommand.ALL_STREAMS)
                            || command.streamId().equals(window.streamId());
            if (isMeant
                    && command.effectiveNanos() <= window.endNanos()
                    && !obeyed.contains(command)) {
                due.add(command);
            }
        }
        due.sort(ORDER);
        FastWeights known = before;
        for (ControlCommand command : due) {
            obeyed.put(command, true);
            Lesson lesson = lesson(command, known);
            known = lesson.after();
            tell(window.streamId(), window.endNanos(), lesson.incidents());
        }
        return known;
    }

    private Lesson lesson(ControlCommand command, FastWeights before) {
        GuardedPlasticity plasticity = plasticity();
        return switch (command.kind()) {
            case FREEZE -> plasticity.freeze(before, true);
            case UNFREEZE -> plasticity.freeze(before, false);
            case RESET -> plasticity.reset(before);
            case ROLL_BACK -> plasticity.rollBack(before, snapshotUntil(command));
            case SWAP_BUNDLE -> throw new IllegalStateException("refused before: " + command);
        };
    }
}
