/** Missing values of a stream, replaced by those that a model has put into its windows. */
package io.thalamus.operators.signal.imputation;
