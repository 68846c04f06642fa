/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

/**
 * Something a user handed in cannot be used: a file, a bundle, a pipeline. The message is one
 * sentence that names the file, the field and the remedy, and is all that the user is shown.
 */
public final class InvalidInputException extends RuntimeException {
    public InvalidInputException(String message) {
        super(message);
    }

    public InvalidInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
