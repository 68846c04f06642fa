/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import java.util.List;

/** Makes the engines of one back end. Found by {@link java.util.ServiceLoader}. */
public interface GraphEngineFactory {

    /** The names, as {@code --engine} takes them. */
    List<String> names();

    /** A new engine, for one thread. */
    GraphEngine open(String name);
}
