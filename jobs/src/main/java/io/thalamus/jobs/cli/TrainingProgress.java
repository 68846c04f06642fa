/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.training.CodeUse;
import io.thalamus.jobs.training.Epoch;
import io.thalamus.jobs.training.TrainingListener;
import io.thalamus.jobs.training.TrainingSummary;
import java.time.Duration;
import java.util.Locale;

/** Says how a training goes: a line for each epoch and, on a terminal, one for the epoch's part. */
final class TrainingProgress implements TrainingListener {
    private static final long LOOK = Duration.ofMillis(200).toNanos();

    private final Console console;
    private final StatusLine status;
    private long shown = System.nanoTime() - LOOK;

    TrainingProgress(Console console) {
        this.console = console;
        this.status = new StatusLine(console);
    }

    @Override
    public void started(TrainingSummary.Data data, long parameters) {
        StringBuilder windows = new StringBuilder();
        data.windows()
                .forEach(
                        (part, found) ->
                                windows.append(windows.isEmpty() ? "" : ", ")
                                        .append("%,d %s".formatted(found.used(), part)));
        console.err().printf(Locale.ROOT, "%,d parameters; windows: %s%n", parameters, windows);
        if (data.refused() > 0) {
            console.err()
                    .printf(
                            Locale.ROOT,
                            "%,d pieces of the recordings cannot be used; inspect shows them%n",
                            data.refused());
        }
    }

    @Override
    public void learned(Pace pace) {
        if (status.isShown() && System.nanoTime() - shown > LOOK) {
            shown = System.nanoTime();
            status.show(
                    String.format(
                            Locale.ROOT,
                            "epoch %d/%d  step %,d/%,d  loss %.4f  %,.0f windows/s  %s left",
                            pace.epoch(),
                            pace.epochs(),
                            pace.step(),
                            pace.steps(),
                            pace.loss(),
                            pace.windowsPerSecond(),
                            time(pace.secondsLeft())));
        }
    }

    @Override
    public void finished(Epoch epoch, boolean best, Pace pace) {
        status.end();
        console.err()
                .printf(
                        Locale.ROOT,
                        "epoch %d/%d  rate %.3g  training loss %.4f  validation loss %.4f%s"
                                + "%s  %,.0f windows/s  at most %s left%n",
                        epoch.epoch(),
                        pace.epochs(),
                        epoch.learningRate(),
                        epoch.training(),
                        epoch.validation(),
                        best ? " (best)" : "",
                        codes(epoch.codes()),
                        pace.windowsPerSecond(),
                        time(pace.secondsLeft()));
    }

    private static String codes(CodeUse use) {
        return use == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "  %,d codes, perplexity %.1f",
                        use.different(),
                        use.perplexity());
    }

    static String time(double seconds) {
        long whole = (long) Math.ceil(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        return whole < 3600
                ? "%d min %02d s".formatted(whole / 60, whole % 60)
                : "%d h %02d min".formatted(whole / 3600, whole % 3600 / 60);
    }

    /** Leaves the line. */
    void end() {
        status.end();
    }
}
