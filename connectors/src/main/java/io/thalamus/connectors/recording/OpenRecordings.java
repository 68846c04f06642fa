/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which of the recordings in play have their file open: a bounded number of them. Where more are in
 * play, the file that was not read for longest is closed for the one that is to be read.
 */
final class OpenRecordings {
    /** In each reader. A process usually may have 1024 files open, and has several readers. */
    static final int MOST = 100;

    private final int most;

    /** In the order of their last use. */
    private final Map<Playback, Boolean> open = new LinkedHashMap<>(16, 0.75f, true);

    OpenRecordings(int most) {
        this.most = most;
    }

    /** Makes room for a file that is about to be opened, and counts it as open. */
    void opening(Playback playback) throws IOException {
        if (open.size() == most) {
            Playback oldest = open.keySet().iterator().next();
            open.remove(oldest);
            oldest.suspend();
        }
        open.put(playback, true);
    }

    /** Notes that an open file is read. */
    void reading(Playback playback) {
        open.get(playback);
    }

    void closed(Playback playback) {
        open.remove(playback);
    }
}
