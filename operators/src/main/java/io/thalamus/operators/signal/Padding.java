/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

/** What becomes of a window that the end of a segment leaves incomplete. */
public enum Padding {
    /** It is not made. */
    DROP {
        @Override
        void fill(float[] samples, int from, int length, int has) {
            throw new IllegalStateException("a window that is dropped is not padded");
        }
    },
    /**
     * It is moved back until it ends with the segment, so that it has measured samples alone; a
     * segment that is shorter than a window gives none.
     */
    SHIFT {
        @Override
        void fill(float[] samples, int from, int length, int has) {
            throw new IllegalStateException("a window that is moved back is not padded");
        }
    },
    /**
     * It is handed on as short as it is. Whoever runs it through a model fills it up with zeros
     * ({@link FrameSlicer#filledUp}), and cuts off what comes of them, so that a signal that comes
     * of a segment ends where the segment does. Windows begin at every hop up to the end, so that
     * each sample lies in the first hop of one.
     */
    TRIM {
        @Override
        void fill(float[] samples, int from, int length, int has) {
            ZEROS.fill(samples, from, length, has);
        }
    },
    /** Zeros follow the last sample. */
    ZEROS {
        @Override
        void fill(float[] samples, int from, int length, int has) {
            for (int i = has; i < length; i++) {
                samples[from + i] = 0;
            }
        }
    },
    /** The last sample is repeated: {@code mode="edge"} of NumPy's {@code pad}. */
    EDGE {
        @Override
        void fill(float[] samples, int from, int length, int has) {
            for (int i = has; i < length; i++) {
                samples[from + i] = samples[from + has - 1];
            }
        }
    },
    /**
     * The window's own samples follow in reverse, then again forwards, and so on; neither its last
     * nor its first is repeated: {@code mode="reflect"} of NumPy's {@code pad}.
     */
    REFLECT {
        @Override
        void fill(float[] samples, int from, int length, int has) {
            int period = Math.max(2 * (has - 1), 1);
            for (int i = has; i < length; i++) {
                int at = i % period;
                samples[from + i] = samples[from + Math.min(at, period - at)];
            }
        }
    };

    /**
     * Fills up one channel of a window.
     *
     * @param samples where the channel lies
     * @param from the index of its first sample
     * @param length samples of the window
     * @param has how many of them, at least one, are there
     */
    abstract void fill(float[] samples, int from, int length, int has);
}
