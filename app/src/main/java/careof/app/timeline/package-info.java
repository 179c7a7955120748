/** The run in one strip: phases of movement, signalling, drops, and the cursor to drag. */
package careof.app.timeline;
