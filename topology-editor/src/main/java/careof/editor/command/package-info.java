/** Edits of a lab as values, and their history; without a scene. */
package careof.editor.command;
