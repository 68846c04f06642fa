/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import io.thalamus.connectors.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * A Flink session cluster of containers and a Kafka broker on one network, for a test class: a job
 * manager, two task managers of two slots each, and a small volume for checkpoints that all share.
 *
 * <pre>{@code
 * @RegisterExtension static final ContainerCluster CLUSTER = new ContainerCluster();
 * }</pre>
 */
final class ContainerCluster
        implements JobHost,
                BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                AfterAllCallback {
    static final int SLOTS = 4;
    static final String MAIN_CLASS = "io.thalamus.jobs.PipelineJob";

    private static final String PIPELINES = "/opt/thalamus/pipelines";
    private static final String CHECKPOINTS = "/checkpoints";
    private static final String FILLER = CHECKPOINTS + "/filler";
    private static final String JOB_JAR = "/opt/flink/usrlib/thalamus-jobs.jar";
    private static final String JOB_CLASS_LOADER = "org.apache.flink.util.ChildFirstClassLoader";
    private static final Path LOGS = Checkout.ROOT.resolve("e2e-tests/target/containers");
    private static final int REST = 8081;

    /** The sum of what the configuration below gives a task manager. */
    private static final long TASK_MANAGER_BYTES = 1792L << 20;

    // A failure is found in 10 s, so that a pause or a cut of 20 s is one; Flink's default is 50 s.
    private static final String CONFIGURATION =
            """
            jobmanager.rpc.address: jobmanager
            jobmanager.bind-host: 0.0.0.0
            pekko.startup-timeout: 3min
            jobmanager.memory.process.size: 1g
            rest.address: jobmanager
            rest.bind-address: 0.0.0.0
            taskmanager.bind-host: 0.0.0.0
            taskmanager.numberOfTaskSlots: 2
            taskmanager.load-balance.mode: SLOTS
            taskmanager.cpu.cores: 2
            taskmanager.memory.framework.heap.size: 128m
            taskmanager.memory.framework.off-heap.size: 128m
            taskmanager.memory.task.heap.size: 384m
            taskmanager.memory.managed.size: 128m
            taskmanager.memory.network.min: 64m
            taskmanager.memory.network.max: 64m
            taskmanager.memory.task.off-heap.size: 512m
            taskmanager.network.memory.buffer-debloat.enabled: true
            taskmanager.network.memory.read-buffer.required-per-gate.max: 1
            taskmanager.memory.jvm-metaspace.size: 256m
            taskmanager.memory.jvm-overhead.min: 192m
            taskmanager.memory.jvm-overhead.max: 192m
            heartbeat.interval: 2s
            heartbeat.timeout: 10s
            restart-strategy.type: fixed-delay
            restart-strategy.fixed-delay.attempts: 2147483647
            restart-strategy.fixed-delay.delay: 1s
            state.backend.type: rocksdb
            execution.checkpointing.interval: 3s
            execution.checkpointing.dir: file://%1$s
            execution.checkpointing.savepoint-dir: file://%1$s/savepoints
            execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION
            classloader.parent-first-patterns.additional: ai.djl.;com.sun.jna.
            """
                    .formatted(CHECKPOINTS);

    private final String compiler;
    private Network network;
    private String volume;
    private ContainerKafka kafka;
    private FixedContainer jobManager;
    private final List<FixedContainer> taskManagers = new ArrayList<>();
    private FlinkRest rest;
    private String jar;
    private final AtomicReference<String> user = new AtomicReference<>();

    /** Whose processes compile for a short life. */
    ContainerCluster() {
        this(Launcher.SHORT_LIVED);
    }

    private ContainerCluster(String compiler) {
        this.compiler = compiler;
    }

    /** Whose processes compile as they do where jobs run for months. */
    static ContainerCluster forLong() {
        return new ContainerCluster("");
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        network =
                Network.builder()
                        .createNetworkCmdModifier(create -> create.withLabels(FixedContainer.LABEL))
                        .build();
        volume =
                FixedContainer.docker()
                        .createVolumeCmd()
                        .withLabels(FixedContainer.LABEL)
                        .withDriver("local")
                        .withDriverOpts(
                                Map.of(
                                        "type", "tmpfs",
                                        "device", "tmpfs",
                                        "o", "size=256m,mode=1777"))
                        .exec()
                        .getName();
        kafka = ContainerKafka.start(network);
        int port = FixedContainer.freePort();
        // The bounds are those that Flink's own scripts work out from the sizes above.
        jobManager =
                flink("jobmanager", "", "-Xmx448m -XX:MaxMetaspaceSize=256m")
                        .bind(port, REST)
                        .waitingFor(Wait.forHttp("/overview").forPort(REST));
        jobManager.start();
        for (int number = 1; number <= 2; number++) {
            String name = "taskmanager-" + number;
            FixedContainer taskManager =
                    flink(
                            name,
                            "taskmanager.host: " + name,
                            "-Xms512m -Xmx512m -XX:MaxMetaspaceSize=256m"
                                    + " -XX:MaxDirectMemorySize=704m -XX:+AlwaysPreTouch");
            taskManagers.add(taskManager);
            taskManager.limitMemory(TASK_MANAGER_BYTES).start();
        }
        rest = new FlinkRest("http://localhost:" + port);
        awaitAllSlots();
        jar = rest.upload(Checkout.JOB_JAR);
    }

    /** One test must not meet what another does to the cluster. */
    @Override
    public void beforeEach(ExtensionContext context) {
        if (!user.compareAndSet(null, context.getUniqueId())) {
            throw new IllegalStateException("two tests have one cluster at the same time");
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        user.compareAndSet(context.getUniqueId(), null);
    }

    /** Kills the job manager, which forgets all jobs, and starts it again. */
    void killJobManagerAndStartAgain() throws Exception {
        jobManager.kill();
        jobManager.startAgain();
        awaitAllSlots();
        jar = rest.upload(Checkout.JOB_JAR);
    }

    /** The newest checkpoint that a job has completed. */
    String newestCheckpoint(String job) throws Exception {
        String metadata =
                jobManager.execute(
                        "bash",
                        "-c",
                        "ls -d %s/%s/chk-*/_metadata | sort -t- -k2 -n | tail -n 1"
                                .formatted(CHECKPOINTS, job));
        return "file://" + metadata.trim().replace("/_metadata", "");
    }

    private FixedContainer flink(String name, String more, String jvm) {
        return new FixedContainer(Images.FLINK)
                .withNetwork(network)
                .withNetworkAliases(name)
                .withEnv("FLINK_PROPERTIES", CONFIGURATION + more)
                // A container that comes back has another address, which must be asked for anew.
                .withEnv(
                        "JVM_ARGS",
                        "-XX:+UseSerialGC -Dsun.net.inetaddr.ttl=1 %s %s".formatted(compiler, jvm))
                .withEnv("MXNET_ENGINE_TYPE", "NaiveEngine")
                .withEnv("OMP_NUM_THREADS", "1")
                .withEnv("LD_BIND_NOW", "1") // keeps the symbols of RocksDB and of the engine apart
                .withEnv("DJL_CACHE_DIR", "/tmp/engine")
                .withEnv("ENGINE_CACHE_DIR", "/tmp/engine")
                .withCommand(name.split("-")[0])
                .mount(volume + ":" + CHECKPOINTS)
                .mount(Checkout.BUILT.resolve("engine") + ":/opt/flink/lib/engine:ro")
                .mount(Checkout.JOB_JAR + ":" + JOB_JAR + ":ro")
                .mount(Checkout.ROOT.resolve("pipelines") + ":" + PIPELINES + ":ro");
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        try {
            keepLogs(context.getRequiredTestClass().getSimpleName());
        } finally {
            close();
        }
    }

    /** For whoever asks why a test failed. */
    private void keepLogs(String test) throws IOException {
        Files.createDirectories(LOGS);
        if (jobManager != null) {
            keepLog(jobManager, test + "-jobmanager.log");
        }
        for (int number = 1; number <= taskManagers.size(); number++) {
            keepLog(taskManagers.get(number - 1), "%s-taskmanager-%d.log".formatted(test, number));
        }
    }

    private static void keepLog(FixedContainer container, String file) throws IOException {
        if (container.isCreated()) {
            Files.writeString(LOGS.resolve(file), container.getLogs());
        }
    }

    private void close() {
        taskManagers.forEach(GenericContainer::close);
        if (jobManager != null) {
            jobManager.close();
        }
        if (kafka != null) {
            kafka.close();
        }
        network.close();
        if (volume != null) {
            FixedContainer.docker().removeVolumeCmd(volume).exec();
        }
    }

    ContainerKafka kafka() {
        return kafka;
    }

    FlinkRest rest() {
        return rest;
    }

    FixedContainer jobManager() {
        return jobManager;
    }

    List<FixedContainer> taskManagers() {
        return taskManagers;
    }

    /** Writes to the volume of the checkpoints until nothing more fits. */
    void fillDisk() throws Exception {
        jobManager.attempt("bash", "-c", "cat /dev/zero >" + FILLER);
    }

    void freeDisk() throws Exception {
        jobManager.execute("rm", FILLER);
    }

    /** Waits until both task managers are there and no job holds a slot. */
    void awaitAllSlots() throws Exception {
        Await.until(
                "all slots are free",
                () -> {
                    requireTaskManagers();
                    return rest.hasFreeSlots(SLOTS);
                });
    }

    /** Where one has ended, there is no slot to wait for. */
    private void requireTaskManagers() {
        for (FixedContainer taskManager : taskManagers) {
            if (!taskManager.isUp()) {
                throw new AssertionError("a task manager has ended: " + taskManager.lastWords());
            }
        }
    }

    @Override
    public String bootstrap() {
        return ContainerKafka.BOOTSTRAP;
    }

    @Override
    public KafkaTopics topics() {
        return kafka.topics();
    }

    /** Through the REST interface. */
    @Override
    public String start(Preset preset, List<String> settings, int parallelism, String savepoint)
            throws Exception {
        return rest.run(jar, parallelism, savepoint, arguments(preset, settings));
    }

    /** With Flink's command line, in the job manager's container. */
    String startByCommandLine(
            Preset preset, List<String> settings, int parallelism, String savepoint)
            throws Exception {
        List<String> command = new ArrayList<>(List.of("/opt/flink/bin/flink", "run", "-d"));
        command.addAll(List.of("-p", Integer.toString(parallelism)));
        if (!savepoint.isEmpty()) {
            command.addAll(List.of("-s", savepoint));
        }
        command.addAll(List.of("-c", MAIN_CLASS, JOB_JAR));
        command.addAll(arguments(preset, settings));
        String told = jobManager.execute(command.toArray(String[]::new));
        String submitted = "Job has been submitted with JobID ";
        int at = told.indexOf(submitted) + submitted.length();
        return told.substring(at, at + 32);
    }

    private static List<String> arguments(Preset preset, List<String> settings) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("--pipeline", PIPELINES + "/" + preset.fileName()));
        settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
        return arguments;
    }

    @Override
    public boolean isRunning(String job) throws Exception {
        return rest.isRunning(job);
    }

    @Override
    public String stop(String job, boolean drain) throws Exception {
        return rest.stop(job, drain);
    }

    /** A figure of all task managers together. */
    double total(Figure figure) throws Exception {
        double total = 0;
        for (FixedContainer taskManager : taskManagers) {
            total += figure.of(taskManager);
        }
        return total;
    }

    /** What can be read of a container. */
    @FunctionalInterface
    interface Figure {
        double of(FixedContainer container) throws Exception;
    }

    /** The class loaders of jobs that are left in each task manager once it has collected. */
    List<Long> jobClassLoaders() throws Exception {
        List<Long> loaders = new ArrayList<>();
        for (FixedContainer taskManager : taskManagers) {
            taskManager.diagnose("GC.run");
            loaders.add(
                    taskManager
                            .diagnose("VM.classloader_stats")
                            .lines()
                            .filter(line -> line.endsWith(JOB_CLASS_LOADER))
                            .count());
        }
        return loaders;
    }

    /** What the containers printed. */
    String logs() {
        StringBuilder logs = new StringBuilder(jobManager.getLogs());
        taskManagers.forEach(one -> logs.append(one.getLogs()));
        return logs.toString();
    }
}
