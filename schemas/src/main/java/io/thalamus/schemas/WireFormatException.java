/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import java.io.IOException;

/** Bytes that are no record of ours, or one that cannot be used. The message is one sentence. */
public final class WireFormatException extends IOException {

    /** What is wrong with the bytes. */
    public enum Fault {
        /** There is no record, or it does not start as one. */
        NOT_A_RECORD,
        /** The record was written with a schema that this version does not know. */
        UNKNOWN_SCHEMA,
        /** The record is a sound one, of a type that has no place here. */
        WRONG_TYPE,
        /** The record is too large for its place. */
        TOO_LARGE,
        /** The record ends early, runs on, or does not follow its schema. */
        CORRUPT,
        /** The record follows its schema, and its fields contradict one another. */
        INCONSISTENT
    }

    private final Fault fault;

    public WireFormatException(Fault fault, String message) {
        super(message);
        this.fault = fault;
    }

    WireFormatException(Fault fault, String message, Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }
}
