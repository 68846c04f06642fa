/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.Annotation;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** The time-stamped annotation lists of EDF+, as they are written; {@link EdfAnnotations} reads. */
final class EdfList {
    /** Bytes of an onset at most: a sign, ten digits, a point, nine digits. */
    static final int MOST_ONSET_BYTES = 21;

    /** Bytes of {@link #keeping} at most. */
    static final int MOST_KEEPING_BYTES = MOST_ONSET_BYTES + 3 + EdfFill.MOST_BYTES + 1;

    private static final char TEXT = 0x14;
    private static final char DURATION = 0x15;

    private EdfList() {}

    /** The list of one annotation in a file that starts at a time. */
    static byte[] of(Annotation annotation, long startNanos) {
        String duration =
                annotation.durationNanos() == 0
                        ? ""
                        : DURATION + seconds(annotation.durationNanos());
        // Control codes would end the text.
        String text = annotation.text().replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]", "?");
        return bytes(onset(annotation.onsetNanos() - startNanos) + duration + TEXT + text + TEXT);
    }

    /**
     * The list that a data record begins with: its onset, and a text or none.
     *
     * @param onsetNanos since the file's start
     */
    static byte[] keeping(long onsetNanos, String text) {
        return bytes(onset(onsetNanos) + TEXT + TEXT + (text.isEmpty() ? "" : text + TEXT));
    }

    private static byte[] bytes(String list) {
        return (list + '\0').getBytes(StandardCharsets.UTF_8);
    }

    private static String onset(long nanos) {
        return (nanos < 0 ? "" : "+") + seconds(nanos);
    }

    private static String seconds(long nanos) {
        return BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString();
    }
}
