/* SPDX-License-Identifier: Apache-2.0 */
/** From a recording to a model bundle: what is learned from, the training, and what comes of it. */
package io.thalamus.jobs.training;
