/** What the pointer does: one gesture is active at a time; each shows a preview and ends in at most one command. */
package careof.editor.gesture;
