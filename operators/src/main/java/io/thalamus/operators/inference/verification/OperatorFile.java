/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import java.util.regex.Pattern;

/**
 * How the cases of one file are recomputed, of an operator that has several.
 *
 * @param inputs the names of the tensors that go in
 * @param operator recomputes the others; its configuration is that of the case
 */
record OperatorFile(Pattern inputs, OperatorCase operator) {

    static OperatorFile of(String inputs, OperatorCase operator) {
        return new OperatorFile(Pattern.compile(inputs), operator);
    }

    boolean takes(String tensor) {
        return inputs.matcher(tensor).matches();
    }
}
