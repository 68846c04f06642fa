/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.operators.inference.TrainableModel;
import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.operators.inference.TrainingState;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Learns epoch by epoch until the validation loss no longer falls. In each, the windows come in
 * another order, and with other masks, which the seed and the number of the epoch give, in batches
 * of one size; the few that make no whole batch are left for another epoch. Whatever interrupts it,
 * it goes on from the last checkpoint as if nothing had been.
 */
final class TrainingLoop {
    private static final double NANOS = 1e9;

    private final TrainableModel model;
    private final Examples training;
    private final Examples validation;
    private final TrainingPlan plan;
    private final Checkpoints checkpoints;
    private final TrainingListener listener;

    private Position position;
    private TrainingState best;
    private long start;
    private double secondsBefore;

    TrainingLoop(
            TrainableModel model,
            Examples training,
            Examples validation,
            TrainingPlan plan,
            Checkpoints checkpoints,
            TrainingListener listener) {
        this.model = model;
        this.training = training;
        this.validation = validation;
        this.plan = plan;
        this.checkpoints = checkpoints;
        this.listener = listener;
    }

    /**
     * Learns from where the last checkpoint is, or from the start. Afterwards the model is that of
     * the best epoch.
     *
     * @param checkpointEvery how long to go on without a checkpoint
     * @param stop asked before each batch: whether to leave it at a checkpoint
     * @return how it went
     * @throws StoppedException if it was stopped
     */
    Position run(Duration checkpointEvery, BooleanSupplier stop) throws IOException {
        goOn(checkpoints.last());
        start = System.nanoTime();
        secondsBefore = position.seconds();
        try {
            learn(checkpointEvery, stop);
        } catch (StoppedException e) {
            save();
            throw e;
        }
        model.restore(best);
        return position;
    }

    private void learn(Duration checkpointEvery, BooleanSupplier stop) throws IOException {
        long saved = start;
        while (!position.isEnd(plan)) {
            int[] order = order(position.epoch());
            while (position.step() < steps()) {
                StoppedException.throwIf(stop);
                learn(order);
                if (System.nanoTime() - saved > checkpointEvery.toNanos()) {
                    save();
                    saved = System.nanoTime();
                }
            }
            validate(stop);
            save();
            saved = System.nanoTime();
        }
    }

    private void goOn(Optional<Checkpoints.Checkpoint> last) {
        if (last.isPresent()) {
            position = last.get().position();
            best = last.get().best().orElse(null);
            model.restore(last.get().state());
        } else {
            position = Position.start();
            best = null;
        }
    }

    private void save() throws IOException {
        checkpoints.save(
                new Checkpoints.Checkpoint(position, model.state(), Optional.ofNullable(best)));
    }

    private int batch() {
        return Math.min(plan.batch(), training.size());
    }

    private int steps() {
        return training.size() / batch();
    }

    private int[] order(int epoch) {
        Random random = SeededRandom.of(plan.seed(), epoch);
        List<Integer> order = new ArrayList<>(IntStream.range(0, training.size()).boxed().toList());
        Collections.shuffle(order, random);
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    private void learn(int[] order) {
        int from = position.step() * batch();
        List<TrainingExample> examples =
                training.get(order, from, from + batch(), position.epoch());
        double loss = model.learn(examples, plan.rate(position.epoch()));
        requireNumber(loss);
        position =
                new Position(
                        position.epoch(),
                        position.step() + 1,
                        position.loss() + loss,
                        position.epochs(),
                        position.windows() + examples.size(),
                        secondsBefore + elapsed());
        listener.learned(pace());
    }

    private void requireNumber(double loss) {
        if (!Double.isFinite(loss)) {
            throw new InvalidInputException(
                    ("the loss is no number any more in epoch %d, after step %d: begin again with"
                                    + " --overwrite and a smaller --learning-rate than %s")
                            .formatted(position.epoch(), position.step(), plan.learningRate()));
        }
    }

    private void validate(BooleanSupplier stop) {
        double sum = 0;
        CodeUse.Count codes = new CodeUse.Count();
        for (List<TrainingExample> some : validation.batches(plan.batch(), stop)) {
            TrainableModel.Assessment assessment = model.assess(some);
            sum += assessment.loss() * some.size();
            codes.add(assessment.codes());
        }
        // Over all windows, each with the same weight, whatever the batches.
        double validated = sum / validation.size();
        requireNumber(validated);
        Epoch epoch =
                new Epoch(
                        position.epoch(),
                        plan.rate(position.epoch()),
                        position.loss() / position.step(),
                        validated,
                        codes.use());
        List<Epoch> epochs = new ArrayList<>(position.epochs());
        epochs.add(epoch);
        TrainingListener.Pace pace = pace();
        position =
                new Position(
                        epoch.epoch() + 1,
                        0,
                        0,
                        List.copyOf(epochs),
                        position.windows(),
                        secondsBefore + elapsed());
        boolean isBest = position.best().orElseThrow().equals(epoch);
        if (isBest) {
            best = model.state();
        }
        listener.finished(epoch, isBest, pace);
    }

    private double elapsed() {
        return (System.nanoTime() - start) / NANOS;
    }

    private TrainingListener.Pace pace() {
        long done = (long) (position.epoch() - 1) * steps() + position.step();
        // Over all of it: a training may go on where no batch is left before its first report.
        double perStep = position.seconds() * batch() / position.windows();
        return new TrainingListener.Pace(
                position.epoch(),
                plan.epochs(),
                position.step(),
                steps(),
                position.loss() / position.step(),
                batch() / perStep,
                perStep * ((long) plan.epochs() * steps() - done));
    }
}
