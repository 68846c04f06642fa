/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.SampleRate;
import java.util.Arrays;
import java.util.List;

/**
 * A stream of an XDF file with what its samples need to become frames or annotations.
 *
 * @param header what its header says
 * @param streamId the stream that it becomes
 * @param selection the channels that are read, as indices into the header's
 * @param channels their names
 * @param rate the rate of its frames
 * @param stretches the unbroken stretches of a regular stream
 */
record XdfStream(
        XdfHeader header,
        String streamId,
        int[] selection,
        List<String> channels,
        SampleRate rate,
        List<XdfStretch> stretches) {

    static XdfStream of(
            XdfHeader header,
            String streamId,
            int[] selection,
            SampleRate rate,
            List<XdfStretch> stretches) {
        return new XdfStream(
                header,
                streamId,
                selection,
                selected(header.channels(), selection),
                rate,
                stretches);
    }

    StreamDescription description() {
        return new StreamDescription(
                streamId,
                channels,
                selected(header.units(), selection),
                rate,
                header.isIrregular());
    }

    private static List<String> selected(List<String> ofAll, int[] selection) {
        return Arrays.stream(selection).mapToObj(ofAll::get).toList();
    }

    boolean isText() {
        return header.type() == XdfType.STRING;
    }
}
