/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import java.io.Serializable;

/**
 * A signal in, a signal out: the description of a filter, a change of rate, a montage. Immutable,
 * and checked when it is made. What it does to a stream depends on the stream's shape, so that it
 * is {@link #prepare prepared} for one.
 */
public interface SignalTransform extends Serializable {

    /**
     * The transform for streams of one shape, with its coefficients, plans and working memory.
     *
     * @throws io.thalamus.schemas.InvalidInputException if it cannot work on such a stream
     */
    PreparedTransform prepare(StreamShape input);

    /**
     * The transform as it is for one stream, where streams are not treated alike.
     *
     * @return always the same for a stream
     * @throws io.thalamus.schemas.InvalidInputException if it has nothing for this stream
     */
    default SignalTransform forStream(String streamId) {
        return this;
    }
}
