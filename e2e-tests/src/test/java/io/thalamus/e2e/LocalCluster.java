/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * A Flink session cluster of processes on this machine, laid out as the documentation says: the
 * engine folder in the cluster's class path, the job jar handed in by the command line.
 */
final class LocalCluster implements AutoCloseable {
    private static final List<String> OPENS =
            List.of("lang", "net", "io", "nio", "util", "util.concurrent", "time").stream()
                    .map(name -> "--add-opens=java.base/java." + name + "=ALL-UNNAMED")
                    .toList();
    private static final String LIBRARIES =
            Checkout.BUILT.resolve("flink")
                    + "/*:"
                    + Checkout.BUILT.resolve("engine")
                    + "/*:"
                    + commons();

    private final Path folder;
    private final Path configuration;
    private final List<Process> processes = new ArrayList<>();

    /** How a client's run ended. */
    record Outcome(int exitCode, String output) {}

    private LocalCluster(Path folder) throws IOException {
        this.folder = folder;
        this.configuration = Files.createDirectories(folder.resolve("conf"));
    }

    static LocalCluster start(Path folder, int slots) throws IOException {
        LocalCluster cluster = new LocalCluster(folder);
        Files.writeString(
                cluster.configuration.resolve("config.yaml"),
                """
                jobmanager.rpc.address: 127.0.0.1
                jobmanager.rpc.port: %d
                jobmanager.bind-host: 127.0.0.1
                pekko.startup-timeout: 3min
                jobmanager.memory.process.size: 1g
                rest.address: 127.0.0.1
                rest.bind-address: 127.0.0.1
                rest.port: %d
                taskmanager.host: 127.0.0.1
                taskmanager.bind-host: 127.0.0.1
                taskmanager.numberOfTaskSlots: %d
                taskmanager.cpu.cores: %d
                taskmanager.memory.framework.heap.size: 128m
                taskmanager.memory.framework.off-heap.size: 128m
                taskmanager.memory.task.heap.size: 512m
                taskmanager.memory.managed.size: 64m
                taskmanager.memory.network.min: 64m
                taskmanager.memory.network.max: 64m
                taskmanager.memory.task.off-heap.size: 512m
                taskmanager.memory.jvm-metaspace.size: 256m
                taskmanager.memory.jvm-overhead.min: 192m
                taskmanager.memory.jvm-overhead.max: 192m
                execution.checkpointing.dir: %s
                execution.checkpointing.interval: 1s
                classloader.parent-first-patterns.additional: ai.djl.;com.sun.jna.
                """
                        .formatted(
                                freePort(),
                                freePort(),
                                slots,
                                slots,
                                folder.resolve("checkpoints").toUri()));
        try {
            cluster.launch(
                    "jobmanager",
                    "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint");
            cluster.launch(
                    "taskmanager", "org.apache.flink.runtime.taskexecutor.TaskManagerRunner");
            return cluster;
        } catch (IOException e) {
            cluster.close();
            throw e;
        }
    }

    /** What a Flink distribution has, and the job jar has too, so that it is not in our folders. */
    private static String commons() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar -> Path.of(jar).getFileName().toString().startsWith("commons-"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void launch(String name, String mainClass) throws IOException {
        List<String> command = java(mainClass);
        command.add("--configDir");
        command.add(configuration.toString());
        processes.add(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve(name + ".log").toFile())
                        .start());
    }

    /** Runs Flink's own command line, which waits for the cluster to come up. */
    Outcome flink(String... arguments) throws IOException, InterruptedException {
        List<String> command = java("org.apache.flink.client.cli.CliFrontend");
        command.addAll(List.of(arguments));
        Path log = Files.createTempFile(folder, "client", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("FLINK_CONF_DIR", configuration.toString());
        Process process = builder.start();
        List<CompletableFuture<Process>> ends = new ArrayList<>();
        ends.add(process.onExit());
        processes.forEach(one -> ends.add(one.onExit()));
        try {
            CompletableFuture.anyOf(ends.toArray(CompletableFuture[]::new))
                    .get(5, TimeUnit.MINUTES);
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IOException("the client did not end: " + Files.readString(log) + logs(), e);
        }
        if (process.isAlive()) {
            process.destroyForcibly();
            throw new IOException("the cluster has ended: " + logs());
        }
        return new Outcome(process.exitValue(), Files.readString(log));
    }

    private static List<String> java(String mainClass) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPENS);
        command.addAll(List.of("-Xmx768m", "-cp", LIBRARIES, mainClass));
        return command;
    }

    /** What the cluster's processes printed. */
    String logs() throws IOException {
        return Files.readString(folder.resolve("jobmanager.log"))
                + Files.readString(folder.resolve("taskmanager.log"));
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }
}
