/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Replacement;
import io.thalamus.schemas.ControlCommand;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Location;
import io.thalamus.schemas.WireFormat;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.IOUtils;

/**
 * Checks commands in one task before they are broadcast, so that all tasks of the model obey the
 * same: what cannot be done becomes a dead letter. A bundle that is to take over is read as a whole
 * and its digest noted, by which the model's tasks know it again whenever they open it.
 */
public final class CommandCheck extends AbstractStreamOperator<CheckedCommand>
        implements OneInputStreamOperator<ControlCommand, CheckedCommand> {
    private static final long serialVersionUID = 1;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final String id;
    private final ModelHandle handle;
    private final String folder;

    private transient Path scratch;
    private transient StagedBundle running;
    private transient String digest;
    private transient Counter deadLetters;

    /**
     * @param id the step's id, which dead letters name
     * @param handle of the model that takes the commands
     * @param folder where relative paths of bundles start
     */
    public CommandCheck(String id, ModelHandle handle, String folder) {
        this.id = id;
        this.handle = handle;
        this.folder = folder;
    }

    @Override
    public void open() throws Exception {
        super.open();
        scratch = ModelHandle.scratch(getContainingTask().getEnvironment());
        running = StagedBundle.of(handle.bundle(), scratch);
        digest = running.bundle().digest();
        deadLetters = getMetricGroup().counter(StreamMetrics.DEAD_LETTERS);
    }

    @Override
    public void processElement(StreamRecord<ControlCommand> element) {
        ControlCommand command = element.getValue();
        CheckedCommand checked;
        try {
            checked = checked(command);
        } catch (InvalidInputException e) {
            refuse(command, e.getMessage());
            return;
        }
        output.collect(new StreamRecord<>(checked));
    }

    private CheckedCommand checked(ControlCommand command) {
        return switch (command.kind()) {
            case FREEZE, UNFREEZE, RESET -> CheckedCommand.of(command);
            case ROLL_BACK -> {
                snapshotUntil(command);
                yield CheckedCommand.of(command);
            }
            case SWAP_BUNDLE -> swap(command);
        };
    }

    /**
     * The time that the state to roll back to was kept at or before.
     *
     * @throws InvalidInputException if the argument is none
     */
    static long snapshotUntil(ControlCommand command) {
        if (command.argument().isEmpty()) {
            return Long.MAX_VALUE;
        }
        try {
            return ChronoUnit.NANOS.between(Instant.EPOCH, Instant.parse(command.argument()));
        } catch (DateTimeException | ArithmeticException e) {
            throw new InvalidInputException(
                    "'%s' is no time such as 2026-01-31T12:00:00Z; give one that a state was kept at or before, or nothing for the newest"
                            .formatted(command.argument()),
                    e);
        }
    }

    private CheckedCommand swap(ControlCommand command) {
        if (!command.streamId().equals(ControlCommand.ALL_STREAMS)) {
            throw new InvalidInputException(
                    "a bundle is swapped for all streams; give * in place of %s"
                            .formatted(command.streamId()));
        }
        if (command.argument().isEmpty()) {
            throw new InvalidInputException(
                    "the argument is empty; give the path of the bundle that is to take over");
        }
        String location = Location.of(Path.of(folder), command.argument());
        StagedBundle.objectionTo(location)
                .ifPresent(
                        objection -> {
                            throw new InvalidInputException(objection);
                        });
        try (StagedBundle staged = StagedBundle.of(location, scratch)) {
            ModelBundle other = staged.bundle();
            Replacement.check(
                    running.bundle(), other, handle.adaptation(), getUserCodeClassloader());
            return new CheckedCommand(
                    new ControlCommand(
                            command.streamId(), command.effectiveNanos(), command.kind(), location),
                    other.digest(),
                    digest);
        }
    }

    private void refuse(ControlCommand command, String reason) {
        deadLetters.inc();
        output.collect(
                SideOutputs.DEAD_LETTERS,
                new StreamRecord<>(
                        new DeadLetter(
                                command.streamId(),
                                0,
                                0,
                                command.effectiveNanos(),
                                id,
                                "unfit command",
                                reason,
                                WireFormat.encode(command)),
                        Math.floorDiv(command.effectiveNanos(), NANOS_PER_MILLI)));
    }

    @Override
    public void close() throws Exception {
        IOUtils.closeAll(running, super::close);
    }
}
