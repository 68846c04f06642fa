/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.corruption;

/** A block read at another pace, about its middle. */
final class TimeWarp implements Damage {
    private final double share;
    private final double[] read;

    TimeWarp(int length, double share) {
        this.share = share;
        this.read = new double[length];
    }

    @Override
    public void apply(double[] block, long number, RandomNumbers random) {
        double pace = random.uniform() < 0.5 ? 1 + share : 1 / (1 + share);
        double middle = block.length / 2.0;
        System.arraycopy(block, 0, read, 0, read.length);
        for (int i = 0; i < block.length; i++) {
            double value = at(middle + pace * (i - middle));
            // What was missing stays so, and is not read.
            block[i] = Double.isNaN(block[i]) ? Double.NaN : value;
        }
    }

    private double at(double time) {
        int before = (int) Math.floor(time);
        if (before < 0 || time > read.length - 1) {
            return 0;
        }
        double part = time - before;
        return part == 0 ? read[before] : (1 - part) * read[before] + part * read[before + 1];
    }
}
