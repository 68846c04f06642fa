/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.thalamus.connectors.Await;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.WaitStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * A container that can be harmed and started again, as an orchestrator would, and is then reached
 * where it was before: its port on this machine is fixed.
 */
final class FixedContainer extends GenericContainer<FixedContainer> {
    /** By which a run that was cut off can be cleaned up behind. */
    static final Map<String, String> LABEL = Map.of("io.thalamus.e2e", Checkout.ROOT.toString());

    private static final int LAST_WORDS = 30;

    private final List<String> volumes = new ArrayList<>();
    private int port;

    FixedContainer(String image) {
        super(DockerImageName.parse(image));
        withLabels(LABEL);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public FixedContainer waitingFor(WaitStrategy strategy) {
        return super.waitingFor(strategy.withStartupTimeout(Await.PATIENCE));
    }

    /** Lets it have so much memory and no more, files in its {@code /dev/shm} included. */
    FixedContainer limitMemory(long bytes) {
        return withCreateContainerCmdModifier(
                create ->
                        create.getHostConfig()
                                .withMemory(bytes)
                                .withMemorySwap(bytes)
                                .withShmSize(bytes));
    }

    /** Makes a port of the container reachable at a port of this machine. */
    FixedContainer bind(int outside, int inside) {
        port = outside;
        return withExposedPorts(inside)
                .withCreateContainerCmdModifier(
                        create ->
                                create.getHostConfig()
                                        .withPortBindings(
                                                new PortBinding(
                                                        Ports.Binding.bindPort(outside),
                                                        new ExposedPort(inside))));
    }

    /**
     * Mounts a folder or a volume.
     *
     * @param mount as {@code docker run --volume} has it
     */
    FixedContainer mount(String mount) {
        volumes.add(mount);
        return withCreateContainerCmdModifier(
                create ->
                        create.getHostConfig()
                                .withBinds(volumes.stream().map(Bind::parse).toList()));
    }

    /** The port of this machine that leads to the container. */
    int port() {
        return port;
    }

    /** Sends a signal to the container's first process. */
    void signal(String signal) {
        docker().killContainerCmd(getContainerId()).withSignal(signal).exec();
    }

    void kill() throws Exception {
        signal("SIGKILL");
        Await.until("the container has ended", () -> !isUp());
    }

    boolean isUp() {
        return docker().inspectContainerCmd(getContainerId()).exec().getState().getRunning();
    }

    /** Whether the kernel has ended it because it had used up its memory. */
    boolean wasKilledForMemory() {
        return docker().inspectContainerCmd(getContainerId()).exec().getState().getOOMKilled();
    }

    /**
     * How it ended, and what it printed about it: the lines from its last {@code FATAL} on, which
     * Flink's processes end with, or its last ones.
     */
    String lastWords() {
        List<String> lines = getLogs().lines().toList();
        int from = Math.max(0, lines.size() - LAST_WORDS);
        for (int line = 0; line < lines.size(); line++) {
            if (lines.get(line).contains("FATAL")) {
                from = line;
            }
        }
        Long code =
                docker().inspectContainerCmd(getContainerId()).exec().getState().getExitCodeLong();
        return "exit code %d%n".formatted(code)
                + String.join("\n", lines.subList(from, Math.min(lines.size(), from + LAST_WORDS)));
    }

    /** Starts it again after it has ended. */
    void startAgain() {
        docker().startContainerCmd(getContainerId()).exec();
    }

    /** Cuts it off from all others. */
    void disconnect() {
        docker().disconnectFromNetworkCmd()
                .withContainerId(getContainerId())
                .withNetworkId(getNetwork().getId())
                .exec();
    }

    void connect() {
        docker().connectToNetworkCmd()
                .withContainerId(getContainerId())
                .withNetworkId(getNetwork().getId())
                .withContainerNetwork(
                        new ContainerNetwork().withAliases(List.copyOf(getNetworkAliases())))
                .exec();
    }

    /** The memory that its first process has in use, in bytes. */
    long residentBytes() throws Exception {
        String status = execute("grep", "VmRSS", "/proc/1/status");
        return Long.parseLong(status.replaceAll("\\D", "")) << 10;
    }

    /**
     * What of that is code which the JVM has compiled: memory that is executable and of no file.
     * Bounded by the JVM's options, and it grows for hours, ever more slowly.
     */
    long compiledBytes() throws Exception {
        String kilobytes =
                execute(
                        "awk",
                        "/^[0-9a-f]+-/ {code = $2 ~ /x/ && $5 == 0} /^Rss:/ && code {sum += $2}"
                                + " END {print sum}",
                        "/proc/1/smaps");
        return Long.parseLong(kilobytes.trim()) << 10;
    }

    /** The processor time that its first process has had, in seconds. */
    double processorSeconds() throws Exception {
        String ticks = execute("awk", "{print $14 + $15}", "/proc/1/stat");
        return Long.parseLong(ticks.trim()) / 100.0;
    }

    /** The files that its first process has open. */
    int openFiles() throws Exception {
        return execute("ls", "/proc/1/fd").split("\n").length;
    }

    /** What the JVM that is its first process answers to a diagnostic command, as {@code jcmd}. */
    String diagnose(String command) throws Exception {
        return execute("java", "-Xmx32m", "-m", "jdk.jcmd/sun.tools.jcmd.JCmd", "1", command);
    }

    /** Runs a command in it, which may end as it likes, by the container's own end too. */
    void attempt(String... command) throws Exception {
        execInContainer(command);
    }

    /** Runs a command in it, which must succeed; gives what it prints. */
    String execute(String... command) throws Exception {
        Container.ExecResult result = execInContainer(command);
        if (result.getExitCode() != 0) {
            throw new IOException(String.join(" ", command) + ": " + result);
        }
        return result.getStdout();
    }

    static DockerClient docker() {
        return DockerClientFactory.instance().client();
    }
}
