/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.connectors.Await;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionState;

/** What becomes of a broker's transactions. */
public final class Transactions {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<TransactionState> ENDING =
            EnumSet.of(TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);

    private Transactions() {}

    /**
     * Waits until consumers see the end of each transaction that has been committed or aborted: the
     * broker says that it is before it has written so into the topics.
     */
    public static void awaitMarkers(Admin admin) {
        Await.until("all transactions have ended", PATIENCE, () -> !anyEnds(admin));
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
