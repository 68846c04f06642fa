/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import java.io.IOException;

/** Makes up a recording: the same parameters make the same bytes on every machine. */
public interface Simulator {

    /** Writes the recording as CSV, with a header, commas and line feeds. */
    void write(Appendable out) throws IOException;
}
