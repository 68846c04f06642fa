/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import java.util.List;

/**
 * The engines that tests of networks run on, as the build names them. One that is not there fails
 * its tests.
 */
public final class TestEngines {
    private static final List<String> NAMES =
            List.of(
                    System.getProperty("thalamus.test.engines", "mxnet,mxnet-interpreter")
                            .split(","));

    private TestEngines() {}

    /** For {@code @MethodSource}. */
    public static List<String> names() {
        return NAMES;
    }

    /** Opens one of them, or the slow one of the tests, {@code reference}. */
    public static GraphEngine open(String name) {
        return name.equals("reference") ? new ReferenceEngine() : GraphEngines.open(name);
    }
}
