/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.corruption;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;
import java.time.Duration;

/**
 * Makes a signal worse, block by block, as a {@link Corruption} says. Blocks do not overlap and
 * begin with the segment; the last one may be short, what it lacks counts as missing.
 *
 * <p>What chance decides depends on the seed, the kind and severity, the stream and the number of
 * the block in it alone: not on how the stream is cut into frames or on what other streams there
 * are, and after a restart it is what it would have been. Channels, rate and unit stay. Infinite
 * values count as missing. Latency: {@code length - 1} samples.
 *
 * @param kind what is done
 * @param severity from 1 to 5
 * @param seed of what chance decides
 * @param length of a block, at least 25 samples
 */
public record Corrupt(Corruption kind, int severity, long seed, Span length)
        implements SignalTransform {
    /** As long as the recordings that the figures of the documentation are of. */
    public static final Span BLOCK = Span.of(Duration.ofSeconds(1));

    public Corrupt {
        if (severity < 1 || severity > Corruption.SEVERITIES) {
            throw new InvalidInputException(
                    "corrupt: severity is %d; give 1 to %d"
                            .formatted(severity, Corruption.SEVERITIES));
        }
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        int samples = length.samplesAt(input.rate());
        if (samples < Corruption.PARTS) {
            throw new InvalidInputException(
                    "corrupt: a block of %s has %d samples at %s; give a length of at least %d"
                            .formatted(length, samples, input.rate(), Corruption.PARTS));
        }
        long key = RandomNumbers.mix(RandomNumbers.mix(seed, kind.ordinal()), severity);
        return new CorruptedBlocks(
                input,
                samples,
                key,
                kind.isOfAllChannels(),
                kind.damage(samples, kind.degree(severity)));
    }
}
