/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Recordings that the project makes up itself, so that everything runs without anyone's data. Plain
 * Java; each simulator is a documented formula whose bits depend on its parameters alone.
 */
package io.thalamus.jobs.simulation;
