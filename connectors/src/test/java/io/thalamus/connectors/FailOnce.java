/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors;

import io.thalamus.schemas.SignalFrame;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

/**
 * Lets frames pass, and fails its job once: at the first checkpoint after a given frame. By then
 * the sinks behind it in the chain have flushed what they hold and nothing of it is committed, so
 * that a sink that is not exactly-once writes it twice.
 *
 * <p>For jobs of parallelism 1 in the test's own process.
 */
public final class FailOnce
        implements MapFunction<SignalFrame, SignalFrame>, CheckpointedFunction, CheckpointListener {
    private static final long serialVersionUID = 1L;
    private static final long PATIENCE_SECONDS = 120;
    private static final Map<String, Progress> PROGRESS = new ConcurrentHashMap<>();

    private final String test;
    private final long checkpointAfter;
    private final long failAfter;
    private final long end;

    private transient long last;
    private transient long atSnapshot;

    /**
     * @param test a name that no other test has
     * @param checkpointAfter the frame that the test sends before it awaits a checkpoint
     * @param failAfter the frame after which to fail
     * @param end the last frame that the test sends
     */
    public FailOnce(String test, long checkpointAfter, long failAfter, long end) {
        this(test, checkpointAfter, failAfter, end, () -> {});
    }

    /**
     * @param before what to do right before the failure
     */
    public FailOnce(String test, long checkpointAfter, long failAfter, long end, Runnable before) {
        this.test = test;
        this.checkpointAfter = checkpointAfter;
        this.failAfter = failAfter;
        this.end = end;
        PROGRESS.put(test, new Progress(before));
    }

    /** Waits for a complete checkpoint that covers the frame {@code checkpointAfter}. */
    public void awaitCheckpoint() throws InterruptedException {
        await(PROGRESS.get(test).checkpoint, "no checkpoint was completed");
    }

    /** Waits until the job has failed, been restored, and seen the last frame. */
    public void awaitRecovery() throws InterruptedException {
        await(PROGRESS.get(test).recovery, "the job did not recover");
    }

    @Override
    public SignalFrame map(SignalFrame frame) {
        last = frame.sequence();
        Progress progress = PROGRESS.get(test);
        if (last == end && progress.failure.getCount() == 0) {
            progress.recovery.countDown();
        }
        return frame;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        Progress progress = PROGRESS.get(test);
        if (last >= failAfter && progress.failure.getCount() > 0) {
            progress.before.run();
            progress.failure.countDown();
            throw new IllegalStateException("fails on purpose, once");
        }
        atSnapshot = last;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) {
        last = -1;
        atSnapshot = -1;
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        if (atSnapshot >= checkpointAfter) {
            PROGRESS.get(test).checkpoint.countDown();
        }
    }

    private static void await(CountDownLatch latch, String complaint) throws InterruptedException {
        if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(complaint);
        }
    }

    private record Progress(
            Runnable before,
            CountDownLatch checkpoint,
            CountDownLatch failure,
            CountDownLatch recovery) {
        Progress(Runnable before) {
            this(before, new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1));
        }
    }
}
