/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.schemas.InvalidInputException;
import java.util.List;

/** A hyper-parameter that was given is not usable: a wrong call. */
public final class InvalidSettingException extends RuntimeException {
    InvalidSettingException(String message) {
        super(message);
    }

    private InvalidSettingException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * What is to be thrown if a network is not usable: as recipes are right, it is for what was set
     * otherwise, if anything was.
     */
    static RuntimeException of(List<String> settings, InvalidInputException objection) {
        return settings.isEmpty()
                ? objection
                : new InvalidSettingException(
                        "--set %s: %s"
                                .formatted(
                                        String.join(" --set ", settings), objection.getMessage()),
                        objection);
    }
}
