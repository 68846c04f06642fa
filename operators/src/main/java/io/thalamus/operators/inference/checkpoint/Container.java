/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file of PyTorch's: a pickle, and the storages that it refers to. */
interface Container extends Closeable {
    /** Of a pickle at most; that of a network of a thousand tensors has some 100 KB. */
    int LONGEST_PICKLE = 1 << 26;

    /** What the pickle says. */
    Object root() throws Unpickler.Refusal, IOException;

    /**
     * The values of a storage.
     *
     * @return little-endian, as many as the storage is said to have
     * @throws Unpickler.Refusal if the file has not as many
     */
    ByteBuffer values(Storage storage) throws Unpickler.Refusal, IOException;
}
