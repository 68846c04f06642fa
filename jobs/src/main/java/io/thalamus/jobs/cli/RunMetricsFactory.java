/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Hands Flink the {@link RunMetrics} of a run, which its configuration names. */
public final class RunMetricsFactory implements MetricReporterFactory {
    private static final String RUN = "run";
    private static final Map<String, RunMetrics> RUNS = new ConcurrentHashMap<>();

    /** Lets a job with this configuration report to {@code metrics}. */
    static void report(Configuration configuration, String run, RunMetrics metrics) {
        RUNS.put(run, metrics);
        configuration.setString("metrics.reporters", "thalamus");
        configuration.setString(
                "metrics.reporter.thalamus.factory.class", RunMetricsFactory.class.getName());
        configuration.setString("metrics.reporter.thalamus." + RUN, run);
    }

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
        return RUNS.remove(properties.getProperty(RUN));
    }
}
