/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.mxnet;

import ai.djl.mxnet.engine.GradReq;
import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.mxnet.jna.JnaUtils;
import ai.djl.mxnet.jna.LibUtils;
import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.IntBuffer;
import java.util.function.Supplier;

/**
 * The library's recording of operations. DJL offers no way to go back from outputs with gradients
 * of their own, so that one function is called without it.
 */
final class Autograd {
    private static final Function BACKWARD =
            NativeLibrary.getInstance(LibUtils.getLibName()).getFunction("MXAutogradBackward");

    private Autograd() {}

    /** Lets an array be differentiated by; each way back writes the result to its gradient. */
    static void watch(MxNDArray array, MxNDArray gradient) {
        JnaUtils.autogradMarkVariables(
                1,
                array.getHandle(),
                IntBuffer.wrap(new int[] {GradReq.WRITE.getValue()}),
                gradient.getHandle());
    }

    /** Records what the calling thread does with watched arrays. */
    static <R> R record(Supplier<R> operations) {
        boolean recording = JnaUtils.autogradSetIsRecording(true);
        boolean training = JnaUtils.autogradSetTraining(true);
        try {
            return operations.get();
        } finally {
            JnaUtils.autogradSetTraining(training);
            JnaUtils.autogradSetIsRecording(recording);
        }
    }

    /** Goes back from outputs to the watched arrays; the recording is spent afterwards. */
    static void backward(MxNDArray[] outputs, MxNDArray[] gradients) {
        JnaUtils.checkCall(
                BACKWARD.invokeInt(
                        new Object[] {
                            outputs.length,
                            handles(outputs),
                            handles(gradients),
                            /* retainGraph= */ 0
                        }));
    }

    private static Memory handles(MxNDArray[] arrays) {
        Memory memory = new Memory((long) arrays.length * Native.POINTER_SIZE);
        for (int i = 0; i < arrays.length; i++) {
            memory.setPointer((long) i * Native.POINTER_SIZE, arrays[i].getHandle());
        }
        return memory;
    }
}
