/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The annotation by which our own files tell that a data record is filled up. EDF has data records
 * of one length only, and no word of its own for the end of a stream that does not fill the last.
 */
final class EdfFill {
    /** Bytes of {@link #text} at most. */
    static final int MOST_BYTES = 48;

    private static final Pattern TEXT =
            Pattern.compile("thalamus: ([1-9]\\d{0,8}) of ([1-9]\\d{0,8}) samples");

    private EdfFill() {}

    /** Says that the first {@code kept} samples of a data record are samples. */
    static String text(int kept, int length) {
        return "thalamus: " + kept + " of " + length + " samples";
    }

    static boolean is(String text) {
        return TEXT.matcher(text).matches();
    }

    /** How many samples of a data record of this length are samples, if the text says so. */
    static OptionalInt kept(String text, int length) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches() && Integer.parseInt(matcher.group(2)) == length
                ? OptionalInt.of(Math.min(length, Integer.parseInt(matcher.group(1))))
                : OptionalInt.empty();
    }
}
