/** The page of experiments: a card for each recommendation, and the two runs of one side by side. */
package careof.app.experiment;
