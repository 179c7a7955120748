/** What the run shows on the canvas: packets on their way, bindings, drops, and short texts under nodes. */
package careof.app.overlay;
