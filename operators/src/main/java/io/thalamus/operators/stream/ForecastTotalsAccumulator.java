/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.accumulators.Accumulator;

/** Brings the totals of all streams from the tasks to the client; merged by stream. */
public final class ForecastTotalsAccumulator
        implements Accumulator<Map<String, ForecastTotals>, TreeMap<String, ForecastTotals>> {
    private TreeMap<String, ForecastTotals> totals = new TreeMap<>();

    @Override
    public void add(Map<String, ForecastTotals> more) {
        more.forEach((stream, sum) -> totals.merge(stream, sum, ForecastTotals::plus));
    }

    @Override
    public TreeMap<String, ForecastTotals> getLocalValue() {
        return totals;
    }

    @Override
    public void resetLocal() {
        totals = new TreeMap<>();
    }

    @Override
    public void merge(
            Accumulator<Map<String, ForecastTotals>, TreeMap<String, ForecastTotals>> other) {
        add(other.getLocalValue());
    }

    @Override
    public ForecastTotalsAccumulator clone() {
        ForecastTotalsAccumulator copy = new ForecastTotalsAccumulator();
        copy.add(totals);
        return copy;
    }
}
