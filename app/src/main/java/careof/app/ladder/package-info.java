/** Signalling as a ladder: a lane for each node, an arrow for each message. */
package careof.app.ladder;
