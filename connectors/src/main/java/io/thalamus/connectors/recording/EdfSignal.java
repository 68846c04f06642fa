/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * One signal of an EDF or BDF file.
 *
 * @param channel the channel's name: the label, made unique in the file
 * @param annotations whether the samples are the bytes of annotations
 * @param unit the physical dimension
 * @param scale what turns its samples into physical values
 * @param offset its first byte in a data record
 * @param length its samples in a data record
 */
record EdfSignal(
        String channel, boolean annotations, String unit, Scale scale, int offset, int length) {

    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    /**
     * The line through two points: physical values at digital ones.
     *
     * @param digital minimum
     * @param physical minimum
     * @param step physical units of a digital one
     */
    record Scale(int digital, double physical, double step) {

        /** Whether the points make a line. */
        private boolean isLine() {
            return Double.isFinite(step) && step != 0;
        }
    }

    /** This signal, if it has physical values. */
    EdfSignal requireScale(BinaryFile file) {
        if (!scale.isLine()) {
            throw file.invalid(
                    "gives signal '%s' no range of physical or digital values: mend its header, or"
                            + " name the other channels to read",
                    channel);
        }
        return this;
    }

    /** The physical values of samples of a data record: of float64 accuracy, rounded to float32. */
    void decode(byte[] record, int bytes, int from, float[] samples, int at, int count) {
        int digital = scale.digital;
        double physical = scale.physical;
        double step = scale.step;
        int index = offset + from * bytes;
        if (bytes == 2) {
            for (int i = 0; i < count; i++, index += 2) {
                int value = (short) SHORT.get(record, index);
                samples[at + i] = (float) (((double) value - digital) * step + physical);
            }
        } else {
            for (int i = 0; i < count; i++, index += 3) {
                int value = (record[index] & 0xff) | (short) SHORT.get(record, index + 1) << 8;
                samples[at + i] = (float) (((double) value - digital) * step + physical);
            }
        }
    }
}
