/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.ControlCommand;

/**
 * A command that can be obeyed.
 *
 * @param command the bundle's path in it is an absolute path or a URI
 * @param bundle the digest of the bundle that is to take over, when the command was checked; empty
 *     for other commands
 * @param replaced the digest of the bundle that the pipeline named then; empty for other commands
 */
public record CheckedCommand(ControlCommand command, String bundle, String replaced) {

    /** One that is no swap of bundles. */
    static CheckedCommand of(ControlCommand command) {
        return new CheckedCommand(command, "", "");
    }
}
