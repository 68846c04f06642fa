/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.signal.SignalTransform;

/**
 * One step of the preparation.
 *
 * @param id names the step's state, which stays with it when other steps come and go
 * @param type the transform's name in the file
 * @param transform what is done
 */
public record TransformSpec(String id, String type, SignalTransform transform) {}
