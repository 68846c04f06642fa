/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what can be seen. */
final class Await {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofMillis(100);

    private Await() {}

    /**
     * Looks again and again until something is so.
     *
     * @param what for the complaint when patience ends
     */
    static void until(String what, Callable<Boolean> isSo) throws Exception {
        until(what, PATIENCE, isSo);
    }

    static void until(String what, Duration patience, Callable<Boolean> isSo) throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!isSo.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("in " + patience + " it did not happen that " + what);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }
}
