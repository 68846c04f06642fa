/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.mxnet;

import com.sun.jna.Function;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What MXNet's libraries read from the environment when they are loaded. A variable that the user
 * has set stays as it is.
 */
public final class NativeEnvironment {
    private static final Path CPU = Path.of("/proc/cpuinfo");
    private static boolean prepared;

    private NativeEnvironment() {}

    /** Sets what is not set; to be called before anything of the engine is touched. */
    public static synchronized void prepare() {
        if (prepared) {
            return;
        }
        RocksDbLibrary.load();
        // The engine must never reach for the network, neither for natives nor to report its use.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        // One call is one thread's work: errors come from the call that made them, latency is half.
        set("MXNET_ENGINE_TYPE", "NaiveEngine");
        // Parallelism comes from subtasks; more threads make small operations slower.
        set("OMP_NUM_THREADS", "1");
        // What a thread that has computed was given is not given back when it ends, and each start
        // of a job has new threads: generators of random numbers, 5 MB, of which no operation of a
        // graph draws any, and four times the room that the largest operation needs, which are used
        // in turn.
        set("MXNET_CPU_PARALLEL_RAND_COPY", "0");
        set("MXNET_CPU_TEMP_COPY", "1");
        // The bundled OpenBLAS takes newer processors for its slowest kind.
        String core = openBlasCore();
        if (core != null) {
            set("OPENBLAS_CORETYPE", core);
        }
        prepared = true;
    }

    private static void set(String variable, String value) {
        if (System.getenv(variable) == null) {
            Function.getFunction("c", "setenv")
                    .invokeInt(new Object[] {variable, value, /* overwrite= */ 0});
        }
    }

    private static String openBlasCore() {
        if (!Files.isReadable(CPU)) {
            return null;
        }
        try {
            List<String> flags =
                    Files.readAllLines(CPU).stream()
                            .filter(line -> line.startsWith("flags"))
                            .limit(1)
                            .flatMap(line -> List.of(line.split("\\s+")).stream())
                            .toList();
            if (flags.contains("avx512f")) {
                return "SkylakeX";
            }
            return flags.contains("avx2") ? "Haswell" : null;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot read " + CPU, e);
        }
    }
}
