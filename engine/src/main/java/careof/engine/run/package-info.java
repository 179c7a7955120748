/** A lab in motion: step by step, with actions from outside, replayed and forked. */
package careof.engine.run;
