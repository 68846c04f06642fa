/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.checkpoint;

import io.thalamus.operators.inference.Tensor;
import java.nio.ByteBuffer;

/**
 * A look at a storage: element {@code (i, j, ...)} is its value number {@code offset + i stride[0]
 * + j stride[1] + ...}, all of which lie in it.
 *
 * @param size how many elements there are
 */
record StoredTensor(Storage storage, long offset, int[] shape, long[] stride, int size) {

    /**
     * Checks what a pickle says.
     *
     * @throws Unpickler.Refusal if an element would lie outside of the storage
     */
    static StoredTensor of(Storage storage, long offset, long[] shape, long[] stride)
            throws Unpickler.Refusal {
        if (shape.length != stride.length || offset < 0 || offset > storage.size()) {
            throw new Unpickler.Refusal("a tensor does not lie in its storage");
        }
        int[] sizes = new int[shape.length];
        long size = 1;
        boolean reaches = true;
        long last = offset;
        for (int axis = 0; axis < shape.length; axis++) {
            reaches &= shape[axis] >= 0 && shape[axis] <= Integer.MAX_VALUE && stride[axis] >= 0;
            if (reaches && size > 0) {
                // No product is beyond 2^62, as all factors are below 2^31.
                size *= shape[axis];
                long step = Math.min(stride[axis], Integer.MAX_VALUE);
                last += Math.max(0, shape[axis] - 1) * step;
            }
            reaches &= size <= Integer.MAX_VALUE && last <= storage.size();
            sizes[axis] = (int) shape[axis];
        }
        // Elements that lie on one another would let a small file claim any size.
        if (!reaches || size > storage.size() || size > 0 && last >= storage.size()) {
            throw new Unpickler.Refusal(
                    "a tensor reaches beyond its storage of %,d values".formatted(storage.size()));
        }
        return new StoredTensor(storage, offset, sizes, stride.clone(), (int) size);
    }

    /**
     * Its elements in the order of its axes.
     *
     * @param values of the whole storage, little-endian
     */
    Tensor tensor(ByteBuffer values) {
        float[] data = new float[size];
        int[] index = new int[shape.length];
        long at = offset;
        for (int i = 0; i < size; i++) {
            data[i] = storage.type().value(values, (int) at);
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                at += stride[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                at -= stride[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return Tensor.of(data, shape);
    }
}
