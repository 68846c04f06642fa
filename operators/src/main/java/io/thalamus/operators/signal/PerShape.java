/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What is prepared for the shapes of streams. The streams of a job are of few shapes; what was not
 * used for the longest is dropped.
 */
public final class PerShape<T> {
    private static final int SHAPES = 64;

    private final Function<StreamShape, T> preparation;
    private final Map<StreamShape, T> prepared =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<StreamShape, T> eldest) {
                    return size() > SHAPES;
                }
            };

    public PerShape(Function<StreamShape, T> preparation) {
        this.preparation = preparation;
    }

    /** What is prepared for a shape, which may throw what the preparation throws. */
    public T of(StreamShape shape) {
        T known = prepared.get(shape);
        if (known == null) {
            known = preparation.apply(shape);
            prepared.put(shape, known);
        }
        return known;
    }
}
