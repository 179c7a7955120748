/** A JavaFX control that draws and edits a lab; it knows no simulation. */
package careof.editor;
