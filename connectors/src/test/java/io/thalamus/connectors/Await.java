/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.util.function.SupplierWithException;

/** Waits for what can be seen. */
public final class Await {
    /** Longer than anything takes that works, on a machine that does much else too. */
    public static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration LOOK = Duration.ofMillis(200);

    private Await() {}

    /**
     * Looks again and again until something is so.
     *
     * @param what for the complaint when patience ends
     */
    public static <E extends Exception> void until(
            String what, SupplierWithException<Boolean, E> isSo) throws E {
        until(what, PATIENCE, isSo);
    }

    /**
     * The same for as long as one likes.
     *
     * @param patience how long
     */
    public static <E extends Exception> void until(
            String what, Duration patience, SupplierWithException<Boolean, E> isSo) throws E {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!isSo.get()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("in " + patience + " it did not happen that " + what);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }
}
