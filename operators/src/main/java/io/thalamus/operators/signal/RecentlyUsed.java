/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is prepared for the few shapes or rates that the streams of a job have; what is prepared for
 * others is dropped.
 */
public final class RecentlyUsed<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;
    private static final int MOST = 64;

    public RecentlyUsed() {
        super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > MOST;
    }
}
