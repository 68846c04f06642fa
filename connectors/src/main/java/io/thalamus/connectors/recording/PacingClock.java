/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The clock that recordings are played by. */
interface PacingClock extends AutoCloseable {

    /** Nanoseconds since some moment. */
    long nanos();

    /** Runs a short action once the clock shows {@code nanos}, on any thread. */
    void at(long nanos, Runnable action);

    @Override
    void close();

    /** The machine's clock, with one daemon thread from its first use until it is closed. */
    static PacingClock system() {
        ScheduledThreadPoolExecutor timer =
                new ScheduledThreadPoolExecutor(
                        1,
                        task -> {
                            Thread thread = new Thread(task, "recording-pace");
                            thread.setDaemon(true);
                            return thread;
                        });
        return new PacingClock() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void at(long nanos, Runnable action) {
                timer.schedule(action, nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            }

            @Override
            public void close() {
                timer.shutdownNow();
            }
        };
    }
}
