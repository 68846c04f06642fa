/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.amplitude.Standardise;
import io.thalamus.schemas.InvalidInputException;
import java.util.List;

/**
 * Brings each channel to mean 0 and deviation 1 with the figures of the stream's subject.
 *
 * @param subjects whose figures there are
 * @param figures one for each subject
 */
public record SubjectStandardise(Subjects subjects, List<Standardise> figures)
        implements SignalTransform {

    public SubjectStandardise {
        figures = List.copyOf(figures);
    }

    /** Of the first subject: what comes out has the same shape for all. */
    @Override
    public PreparedTransform prepare(StreamShape input) {
        return figures.get(0).prepare(input);
    }

    /**
     * With the figures of the stream's subject.
     *
     * @throws InvalidInputException if the stream is nobody's
     */
    @Override
    public SignalTransform forStream(String streamId) {
        subjects.objectionTo(streamId)
                .ifPresent(
                        objection -> {
                            throw new InvalidInputException(objection);
                        });
        return figures.get(subjects.require(streamId));
    }
}
