/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Whether the process was asked to end (Ctrl-C). While it is open, the process waits for what is
 * under way to be left in order.
 */
final class Interruption implements BooleanSupplier, AutoCloseable {
    private static final Duration FINISH = Duration.ofMinutes(10);

    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean asked;

    Interruption() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
    }

    @Override
    public boolean getAsBoolean() {
        return asked;
    }

    /** Runs while the process ends. */
    void stop() {
        asked = true;
        try {
            closed.await(FINISH.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** To be called when nothing more is under way. */
    @Override
    public void close() {
        closed.countDown();
    }
}
