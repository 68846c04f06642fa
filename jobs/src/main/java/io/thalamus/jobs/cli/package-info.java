/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The command line. Results go to standard output; progress, logs and errors to standard error.
 * Exit codes: 0 done, 1 the work failed, 2 the call was wrong.
 */
package io.thalamus.jobs.cli;
