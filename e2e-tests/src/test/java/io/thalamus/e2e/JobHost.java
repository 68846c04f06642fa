/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import java.util.List;

/** Where jobs run. */
interface JobHost {

    /** Where the jobs reach the broker. */
    String bootstrap();

    /** The topics of the broker, for the test. */
    KafkaTopics topics();

    /**
     * Starts a job; gives its id.
     *
     * @param settings those of the pipeline that are changed
     * @param savepoint where to go on from; empty to begin
     */
    String start(Preset preset, List<String> settings, int parallelism, String savepoint)
            throws Exception;

    /** Whether every task of a job is at work. */
    boolean isRunning(String job) throws Exception;

    /**
     * Stops a job with a savepoint; gives where that is.
     *
     * @param drain whether all that is waiting for more input is handed on first
     */
    String stop(String job, boolean drain) throws Exception;
}
