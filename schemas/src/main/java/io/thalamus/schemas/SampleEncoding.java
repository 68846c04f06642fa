/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

/** How the samples of a frame are written; the names are those of the schema. */
enum SampleEncoding {
    FLOAT32(Float.BYTES),
    INT16(Short.BYTES);

    private final int bytes;

    SampleEncoding(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes a sample. */
    int bytes() {
        return bytes;
    }
}
