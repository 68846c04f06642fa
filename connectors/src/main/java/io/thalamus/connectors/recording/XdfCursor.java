/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

/** A stream of an XDF file while its samples are given. */
final class XdfCursor {
    private final XdfStream stream;
    private final XdfStamps stamps;
    private int stretch;

    /**
     * @param stamps the stream's time stamps up to the sample that comes next
     */
    XdfCursor(XdfStream stream, XdfStamps stamps) {
        this.stream = stream;
        this.stamps = stamps;
    }

    XdfStream stream() {
        return stream;
    }

    XdfStamps stamps() {
        return stamps;
    }

    /**
     * The stretch of the present sample, which is later than those asked for before; a sample of an
     * irregular stream is one of its own.
     */
    XdfStretch stretchOf(XdfSamples samples) {
        long number = samples.number();
        if (!stream.header().isRegular()) {
            return new XdfStretch(number, 1, number, samples.time(), 1 / stream.rate().hertz());
        }
        while (number >= stream.stretches().get(stretch).endSample()) {
            stretch++;
        }
        return stream.stretches().get(stretch);
    }
}
