/** Experiments: a lab run twice from one seed, a recommendation on and off, and what both runs show. Nothing here knows a letter. */
package careof.engine.experiment;
