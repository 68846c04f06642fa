/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import java.util.List;
import java.util.Locale;

/** What a user may have meant by a name that is not known. */
public final class Suggestion {
    private Suggestion() {}

    /** The sentence for a name that is not among the known ones. */
    public static String unknown(String what, String name, List<String> known) {
        String closest = null;
        int distance = Math.max(2, name.length() / 3) + 1;
        StringBuilder all = new StringBuilder();
        for (String candidate : known) {
            int candidateDistance =
                    distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (candidateDistance < distance) {
                distance = candidateDistance;
                closest = candidate;
            }
            all.append(all.isEmpty() ? "" : ", ").append(candidate);
        }
        return closest == null
                ? "unknown %s '%s'; there is: %s".formatted(what, name, all)
                : "unknown %s '%s'; did you mean '%s'?".formatted(what, name, closest);
    }

    /** The least number of letters to put in, take out or change. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(change, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
