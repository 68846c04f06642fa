/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.Await;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** What can happen to a cluster while a job runs on it. */
enum Fault {
    TASK_MANAGER_KILLED("SIGKILL to one of two task managers; its container is started again") {
        @Override
        void strike(ContainerCluster cluster, PresetRun run) throws Exception {
            FixedContainer taskManager = cluster.taskManagers().get(0);
            taskManager.kill();
            taskManager.startAgain();
        }
    },

    JOB_MANAGER_KILLED(
            "SIGKILL to the job manager; its container is started again and the job handed in from"
                    + " its newest checkpoint") {
        @Override
        void strike(ContainerCluster cluster, PresetRun run) throws Exception {
            String job = run.job();
            cluster.killJobManagerAndStartAgain();
            run.join(
                    cluster.startByCommandLine(
                            run.preset(),
                            run.settings(),
                            PARALLELISM,
                            cluster.newestCheckpoint(job)));
        }
    },

    BROKER_KILLED("SIGKILL to the only Kafka broker; its container is started again") {
        @Override
        void strike(ContainerCluster cluster, PresetRun run) throws Exception {
            cluster.kafka().killAndStartAgain();
            run.write(1);
        }
    },

    NETWORK_CUT("one of two task managers is cut off from all others for 20 s") {
        @Override
        void strike(ContainerCluster cluster, PresetRun run) throws Exception {
            FixedContainer taskManager = cluster.taskManagers().get(1);
            taskManager.disconnect();
            run.write(1);
            last(Duration.ofSeconds(20));
            taskManager.connect();
        }
    },

    DISK_FULL("the volume of the checkpoints is filled up until two checkpoints have failed") {
        @Override
        void strike(ContainerCluster cluster, PresetRun run) throws Exception {
            FlinkRest rest = cluster.rest();
            int failed = rest.checkpoints(run.job(), "failed");
            cluster.fillDisk();
            run.write(1);
            Await.until(
                    "two checkpoints fail",
                    () -> rest.checkpoints(run.job(), "failed") >= failed + 2);
            cluster.freeDisk();
        }
    },

    OUT_OF_MEMORY(
            "memory outside the JVM's bounds fills a task manager's container, and the kernel kills"
                    + " its process; it is started again") {
        @Override
        void strike(ContainerCluster cluster, PresetRun run) throws Exception {
            FixedContainer taskManager = cluster.taskManagers().get(0);
            taskManager.attempt("bash", "-c", "cat /dev/zero >/dev/shm/filler");
            Await.until("the kernel has killed it", () -> !taskManager.isUp());
            assertThat(taskManager.wasKilledForMemory()).isTrue();
            taskManager.startAgain();
        }
    },

    TASK_MANAGER_PAUSED("SIGSTOP to one of two task managers, SIGCONT after 30 s") {
        @Override
        void strike(ContainerCluster cluster, PresetRun run) throws Exception {
            FixedContainer taskManager = cluster.taskManagers().get(1);
            taskManager.signal("SIGSTOP");
            run.write(1);
            last(Duration.ofSeconds(30));
            taskManager.signal("SIGCONT");
        }
    };

    /** That of the jobs: one task of each step on each task manager. */
    static final int PARALLELISM = 2;

    private final String injection;

    /**
     * @param injection how it is made to happen, for people
     */
    Fault(String injection) {
        this.injection = injection;
    }

    /** Happens to the cluster, and is over when this returns. */
    abstract void strike(ContainerCluster cluster, PresetRun run) throws Exception;

    String injection() {
        return injection;
    }

    /** As long as the fault is to last; nothing is waited for. */
    private static void last(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase().replace('_', ' ');
    }
}
