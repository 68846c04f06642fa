/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import java.util.List;

/**
 * What a model makes of one element of a batch.
 *
 * @param values the network's output, in the order the model documents
 * @param state what the stream's next window needs
 * @param remarks what people who look after the stream should know of the window
 */
public record ModelOutput(float[] values, CarriedState state, List<String> remarks) {

    /** Of a window on which there is nothing to remark. */
    public ModelOutput(float[] values, CarriedState state) {
        this(values, state, List.of());
    }
}
