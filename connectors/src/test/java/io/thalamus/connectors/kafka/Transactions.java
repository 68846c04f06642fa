/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionState;

/** What becomes of a broker's transactions. */
public final class Transactions {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Set<TransactionState> ENDING =
            EnumSet.of(TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);

    private Transactions() {}

    /**
     * Waits until consumers see the end of each transaction that has been committed or aborted: the
     * broker says that it is before it has written so into the topics.
     */
    public static void awaitMarkers(Admin admin) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (anyEnds(admin)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("transactions do not end in " + PATIENCE);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private static boolean anyEnds(Admin admin) {
        try {
            return !admin.listTransactions(new ListTransactionsOptions().filterStates(ENDING))
                    .all()
                    .get()
                    .isEmpty();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
