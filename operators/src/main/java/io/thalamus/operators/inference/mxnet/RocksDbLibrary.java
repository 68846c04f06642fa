/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.mxnet;

import java.lang.reflect.InvocationTargetException;

/**
 * RocksDB's native library, which a state backend may need in the same process. MXNet's are loaded
 * so that all their symbols are global, and a RocksDB whose symbols are looked up behind them takes
 * some of theirs for its own, and brings the process down ({@code free(): invalid pointer}). So it
 * comes first where it can come at all; {@code LD_BIND_NOW=1} in the environment has its symbols
 * looked up as it is loaded, and not when they are first used.
 */
final class RocksDbLibrary {
    private static final String NAME = "org.rocksdb.RocksDB";

    private RocksDbLibrary() {}

    /** Loads it, unless there is none on the class path or it is loaded already. */
    static void load() {
        Class<?> library;
        try {
            library = Class.forName(NAME, true, RocksDbLibrary.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return; // nobody can load it later
        }
        try {
            library.getMethod("loadLibrary").invoke(null);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("RocksDB's library cannot be loaded", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("RocksDB is of another version", e);
        }
    }
}
