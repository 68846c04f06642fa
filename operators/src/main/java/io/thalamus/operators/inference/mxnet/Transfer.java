/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.mxnet;

import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.mxnet.engine.MxNDManager;
import ai.djl.mxnet.jna.JnaUtils;
import ai.djl.mxnet.jna.LibUtils;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.PointerByReference;
import io.thalamus.operators.inference.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Moves values between Java arrays and native ones. */
final class Transfer {
    private static final int FIRST_SIZE = 1024;

    /** Where an array's values are; those in another layout are put in order first. */
    private static final Function DATA =
            NativeLibrary.getInstance(LibUtils.getLibName()).getFunction("MXNDArrayGetData");

    private final PointerByReference place = new PointerByReference();
    private FloatBuffer buffer = allocate(FIRST_SIZE);

    MxNDArray create(MxNDManager manager, int[] shape) {
        long[] sizes = Arrays.stream(shape).asLongStream().toArray();
        return manager.create(new Shape(sizes), DataType.FLOAT32);
    }

    static int[] shape(MxNDArray array) {
        return Arrays.stream(array.getShape().getShape()).mapToInt(Math::toIntExact).toArray();
    }

    /** Writes where the library keeps the values: a copy between would cost as much again. */
    void in(Tensor from, MxNDArray to) {
        if (to.getShape().size() != from.size()) {
            throw new IllegalArgumentException(
                    from.size() + " values for an array of shape " + to.getShape());
        }
        JnaUtils.waitToWrite(to.getHandle());
        JnaUtils.checkCall(DATA.invokeInt(new Object[] {to.getHandle(), place}));
        place.getValue().write(0, from.data(), 0, from.size());
    }

    void out(MxNDArray from, Tensor to) {
        FloatBuffer direct = room(to.size());
        JnaUtils.syncCopyToCPU(from.getHandle(), Native.getDirectBufferPointer(direct), to.size());
        direct.get(0, to.data(), 0, to.size());
    }

    private FloatBuffer room(int size) {
        if (buffer.capacity() < size) {
            buffer = allocate(size);
        }
        return buffer;
    }

    private static FloatBuffer allocate(int size) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(size, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
